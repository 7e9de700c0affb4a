# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes, syncs and renames that fail, disks that are full and sources that change: a clean end that says why, nothing false under a
final name, and the next run ends with the same bytes."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import _broken as broken
import _facts as facts
import store_media

# Places of each kind: in the long form every one but of a worker's writes, of which there are some 2,000. REELMILL_EVERY=1 tries
# those as well, which takes an hour for each deed; REELMILL_PART=1/4 tries a quarter of what would be tried.
MOST = 10 ** 9 if os.environ.get("REELMILL_EVERY") else 400 if broken.LONG else 3
PART, PARTS = map(int, os.environ.get("REELMILL_PART", "1/1").split("/"))
REASONS = {"ENOSPC": "no space left", "EIO": "input/output error"}
CODES = {"ENOSPC": (0, 75), "EIO": (0, 70)}


class Calls(broken.Undisturbed):
    """0 where the call was about nothing that matters (a log), or where another try made up for it."""

    def all_places(self, program, calls, deed):
        count = broken.calls_of(program, calls)
        self.assertGreater(count, 5)
        ends = []
        for at in broken.spread(count, MOST)[PART - 1::PARTS]:
            with self.subTest(program=program, calls=calls, at=at, deed=deed):
                project = self.fresh()
                run = project.broken_run(program, calls, at, deed)
                self.assertTrue(program != "reelmill" or run.calls >= at or run.code == 0, "nothing was broken")
                ends.append(run.code)
                said = run.errors + run.events
                if deed == "short":
                    self.assertIn(run.code, (0, 70, 75), said)
                else:
                    self.assertIn(run.code, CODES[deed], said)
                    if run.code:
                        self.assertIn(REASONS[deed], said.lower())
                if run.code == 0:
                    self.assertEqual(project.outputs(), self.outputs)
                self.ends_like_the_others(project)
                project.__exit__()
        print("%s: %s at %d of %d %ss: %d runs ended well, %d stopped" % (program, deed, len(ends), count, calls, ends.count(0),
                                                                         len(ends) - ends.count(0)))

    def test_front_has_no_room(self):
        self.all_places("reelmill", "write", "ENOSPC")

    def test_front_cannot_sync(self):
        self.all_places("reelmill", "fsync", "EIO")

    def test_front_cannot_rename(self):
        self.all_places("reelmill", "rename", "EIO")

    def test_front_writes_by_halves(self):
        self.all_places("reelmill", "write", "short")

    def test_worker_has_no_room(self):
        self.all_places("reelmill-worker", "write", "ENOSPC")

    def test_worker_writes_by_halves(self):
        self.all_places("reelmill-worker", "write", "short")

    def test_worker_cannot_sync(self):
        self.all_places("reelmill-worker", "fsync", "EIO")

    def test_worker_cannot_rename(self):
        self.all_places("reelmill-worker", "rename", "ENOSPC")


class SmallDisk(broken.Undisturbed):
    def test_a_cache_of_two_mebibytes(self):
        place = facts.small_disk(self, "2m")
        (place / "ballast").write_bytes(bytes(1840 * 1024))
        project = self.fresh()
        project.environment["REELMILL_CACHE"] = str(place)
        run = project.broken_run()
        self.assertEqual(run.code, 75, run.errors)
        self.assertRegex(run.errors.lower(), "no space left|make room")
        facts.only_whole_files(self, project.outputs(), self.outputs)
        finished = set(project.units())
        (place / "ballast").unlink()
        subprocess.run(["mount", "-o", "remount,size=64m", str(place)], check=True)
        made = project.resume().made()
        self.assertEqual(made & finished, set())
        self.assertEqual(project.outputs(), self.outputs)

    def test_old_results_make_room(self):
        place = facts.small_disk(self, "12m")
        old, project = self.fresh(), self.fresh()
        old.environment["REELMILL_CACHE"] = project.environment["REELMILL_CACHE"] = str(place)
        old.write([store_media.film()], {"old": "{ resolution: 256x144, fps: 10, codec: ffv1, container: mkv }"})
        old.resume()
        before = set(old.units())
        free = shutil.disk_usage(place).free
        (place / "ballast").write_bytes(bytes(free - 128 * 1024))
        run = project.broken_run()
        self.assertEqual(run.code, 0, run.errors)
        self.assertIn("used longest ago are gone", run.events)
        self.assertLess(len(before & set(project.units())), len(before))
        self.assertEqual(project.outputs(), self.outputs)


class Changes(broken.Undisturbed):
    def project_of_copy(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-source-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        source = folder / store_media.FILM.name
        shutil.copy(store_media.film(), source)
        project = broken.Project(source)
        self.addCleanup(project.__exit__)
        return project, source

    def changed_when(self, holds, change):
        project, source = self.project_of_copy()
        whole = source.read_bytes()
        process = subprocess.Popen([facts.REELMILL, "run", "--batch", "1"], cwd=project.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        end = time.monotonic() + 20
        while process.poll() is None and not holds(project) and time.monotonic() < end:
            time.sleep(0.001)
        self.assertIsNone(process.poll(), "the run was over before its source changed")
        change(source)
        said = process.communicate()[1]
        self.assertEqual(process.returncode, 66, said)
        facts.only_whole_files(self, project.outputs(), self.outputs)
        source.write_bytes(whole)
        project.resume()
        self.assertEqual(project.outputs(), self.outputs)
        return said

    def test_it_grows_while_it_is_rendered(self):
        def grow(source):
            with open(source, "ab") as file:
                file.write(b"more")
        self.assertIn("changed while", self.changed_when(lambda project: len(project.units()) >= 4, grow))

    def test_its_pictures_change_while_it_is_looked_at(self):
        def spoil(source):
            data = bytearray(source.read_bytes())
            middle = len(data) // 2
            data[middle:middle + 4096] = bytes(4096)
            with open(source, "r+b") as file:
                file.write(data)
        self.changed_when(lambda project: list(project.folder.glob(".reelmill/attempts/*-analysis*/attempt.json")), spoil)


if __name__ == "__main__":
    facts.main()
