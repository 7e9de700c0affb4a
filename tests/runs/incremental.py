# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change costs: only the chunks that it touches are rendered again, and what comes out is what a fresh run makes."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import _facts as facts
import incremental_media as media

LONG = bool(os.environ.get("REELMILL_LONG"))
SMALL = {"one": "{ resolution: 128x72, preset: ultrafast, crf: 30 }"}
INSERTED = 31  # frames; odd, so that every phase behind it changes


def receipt_of(project):
    return json.loads(sorted((project.folder / "metadata/logs").glob("*.json"))[-1].read_text())


def render_of(project):
    """How many chunks the last run made, and how many there are."""
    stage = receipt_of(project)["sources"][0]["stages"]["render"]
    return stage["made"], stage["units"]


class Film(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-film-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.film = self.folder / "film.mp4"

    def project(self, operations="", exports=None):
        project = facts.Project([self.film], exports or SMALL, operations)
        self.addCleanup(project.__exit__)
        return project

    def fresh(self, operations="", exports=None):
        project = self.project(operations, exports)
        project.run()
        return project.outputs()

    def stages_started(self, said):
        return [json.loads(line)["walk"] for line in said.stdout.splitlines() if '"stage_started"' in line]


class Insert(Film):
    def insert(self, rate, low, high, count):
        shots = [media.shot(seed, length, rate) for seed, length in enumerate(media.lengths(count, low, high))]
        middle = len(shots) // 2
        media.join(shots, self.film)
        project = self.project("video: [stabilize]")
        project.run()
        media.join(shots[:middle] + [media.shot(99, INSERTED, rate)] + shots[middle:], self.film)
        project.run()
        made, of = render_of(project)
        print("%s → 30, %d frames put into the middle: %d of %d chunks made again" % (rate, INSERTED, made, of))
        self.assertLessEqual(made, 0.15 * of)
        self.assertGreater(made, 0)
        self.assertEqual(project.outputs(), self.fresh("video: [stabilize]"))

    def test_25(self):
        self.insert("25", 55, 110, 24)

    @unittest.skipUnless(LONG, "--long")
    def test_ntsc(self):
        self.insert("30000/1001", 60, 140, 40)

    @unittest.skipUnless(LONG, "--long")
    def test_30(self):
        self.insert("30", 60, 140, 40)


class Same(Film):
    """What is in the film is the same, though the file is another."""

    def setUp(self):
        super().setUp()
        media.join([media.shot(seed, 75, "30") for seed in range(3)], self.film, sound=True)
        self.made = self.project("video: [stabilize]\naudio: [highpass]")
        self.made.run()
        self.before = self.made.outputs()

    def remux(self, *arguments):
        other = self.folder / "other.mp4"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", self.film, "-map", "0", "-c", "copy", *arguments, "-y", other], check=True)
        other.rename(self.film)

    def walks_of_a_run(self):
        return self.stages_started(self.made.run("--json"))

    def test_other_tags(self):
        self.remux("-metadata", "title=another", "-metadata", "comment=x")
        self.assertEqual(self.walks_of_a_run(), ["index"])
        self.assertEqual(self.made.outputs(), self.before)

    def test_the_index_moved_to_the_front(self):
        self.remux("-movflags", "+faststart")
        self.assertEqual(self.walks_of_a_run(), ["index"])

    def test_another_container_renders_nothing(self):
        matroska = self.folder / "film.mkv"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", self.film, "-map", "0", "-c", "copy", "-y", matroska], check=True)
        self.made.write([matroska], SMALL, "video: [stabilize]\naudio: [highpass]")
        self.assertNotIn("video", self.walks_of_a_run())
        self.assertEqual(render_of(self.made)[0], 0)


class Changed(Film):
    """One finished project for all tests of a class; each begins with it as it was."""
    OPERATIONS = "video:\n  - grade: { contrast: 1.1 }\n  - title: { text: one, from: 1, to: 2 }\naudio: [highpass]"

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-film-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.film = cls.folder / "film.mp4"
        media.join([media.shot(seed, 75, "30") for seed in range(4)], cls.film, sound=True)
        cls.original = cls.film.read_bytes()
        cls.made = facts.Project([cls.film], SMALL, cls.OPERATIONS)
        cls.addClassCleanup(cls.made.__exit__)
        cls.text = (cls.made.folder / "reelmill.yaml").read_text()

    def setUp(self):
        if not self.film.exists() or self.film.read_bytes() != self.original:
            self.film.write_bytes(self.original)
        (self.made.folder / "reelmill.yaml").write_text(self.text)
        self.made.run()

    def change(self, old, new):
        changed = self.text.replace(old, new)
        self.assertNotEqual(changed, self.text)
        (self.made.folder / "reelmill.yaml").write_text(changed)


class Parameters(Changed):
    """Each change by itself: what of it runs again."""

    def walks_after(self, old, new, *arguments):
        self.change(old, new)
        return self.stages_started(self.made.run("--json", *arguments))

    def test_what_cannot_change_the_result(self):
        for old, new in (("name: test", "name: another"), ("exports:", "# a remark\nexports:"), ("{ contrast: 1.1 }", "{ contrast: 1.10, gamma: 1 }"),
                         ("crf: 30 }", "crf: 30, description: said otherwise }"), ("crf: 30 }", "crf: 30, verified_on: 2026-01-01 }")):
            with self.subTest(new):
                self.assertEqual(self.walks_after(old, new), [])
        self.assertEqual(self.walks_after("name: test", "name: other", "--jobs", 1, "--batch", 1), [])

    def test_a_source_elsewhere_is_known_by_its_content(self):
        moved = self.folder / "elsewhere" / "film.mp4"
        moved.parent.mkdir()
        shutil.copy(self.film, moved)
        self.assertEqual(self.walks_after(str(self.film), str(moved)), ["index"])

    def test_a_title_touches_the_chunks_that_show_it(self):
        self.assertIn("video", self.walks_after("text: one", "text: two"))
        self.assertEqual(render_of(self.made)[0], 1)

    def test_sound_alone(self):
        self.assertEqual(self.walks_after("[highpass]", "[highpass, lowpass]"), ["audio", "mux"])


class Why(Changed):
    def why(self, *arguments):
        return json.loads(self.made.call("why", "film/one", "--json", *arguments).stdout)

    def first(self):
        said = self.why()
        self.assertEqual(said["state"], "changed", said)
        first = said["differences"][0]
        return first["stage"], first["field"], first["before"], first["now"]

    def test_nothing(self):
        self.assertEqual((self.why()["state"], self.why()["differences"]), ("same", []))
        self.assertIn("nothing has changed", self.made.call("why", "02_output/final/film_one.mp4").stdout)

    def test_a_lost_file(self):
        self.made.output(self.film, "one").unlink()
        self.assertEqual(self.why()["state"], "lost")

    def test_a_grade(self):
        self.change("contrast: 1.1", "contrast: 1.2")
        self.assertEqual(self.first(), ("render", "filter eq contrast", "1.1", "1.2"))
        self.assertEqual(self.why()["differences"][0]["chunks"], self.why()["differences"][0]["of"])

    def test_a_title(self):
        self.change("text: one", "text: two")
        self.assertEqual(self.why()["differences"][0]["chunks"], 1)

    def test_the_rate_of_an_export(self):
        self.change("crf: 30", "crf: 31")
        self.assertEqual(self.first(), ("render", "encode h264 crf", "30", "31"))

    def test_sound(self):
        self.change("[highpass]", "[highpass: { frequency: 90 }]")
        self.assertEqual(self.first()[0], "sound")

    def test_the_source(self):
        media.join([media.shot(seed, 75, "30") for seed in range(3)], self.film, sound=True)
        stage, field, _, _ = self.first()
        self.assertEqual(stage, "source")
        self.made.run()
        self.assertEqual(self.why()["state"], "same")

    def test_what_is_not_an_output(self):
        done = self.made.call("why", "film/onne")
        self.assertEqual(done.returncode, 64)
        self.assertIn("did you mean 'film/one'?", done.stderr)


class OneMoment(Film):
    """A title of four seconds in a long film says something else."""
    OPERATIONS = "video:\n  - stabilize\n  - title: { text: %s, from: 31, to: 35 }\naudio: [highpass]"

    def change(self, exports, shots):
        media.join(shots, self.film, sound=True)
        project = self.project(self.OPERATIONS % "one", exports)
        took = []
        for text in ("one", "two"):
            project.write([self.film], exports, self.OPERATIONS % text)
            begin = time.perf_counter()
            said = project.run("--json")
            took.append(time.perf_counter() - begin)
        made, of = render_of(project)
        print("a title of 4 s changed in a film of %.0f s: %d of %d chunks, %.2f s instead of %.1f s, %.0f times faster" % (
            float(facts.stream_of(self.film)["duration"]), made, of, took[1], took[0], took[0] / took[1]))
        self.assertLessEqual(made, 3)
        self.assertEqual(set(self.stages_started(said)), {"video", "mux"})
        self.assertEqual(project.outputs(), self.fresh(self.OPERATIONS % "two", exports))
        return took[0] / took[1]

    def test_a_minute(self):
        self.change(SMALL, [media.shot(seed, 120, "30") for seed in range(11)])

    @unittest.skipUnless(LONG, "--long")
    def test_ten_minutes(self):
        exports = {"one": "{ resolution: 640x360, preset: veryfast, crf: 24 }"}
        self.assertGreaterEqual(self.change(exports, [media.shot(seed, 240, "30") for seed in range(75)]), 30)


class Room(Film):
    def test_a_run_does_not_begin_what_the_disk_cannot_hold(self):
        media.join([media.shot(seed, 90, "30") for seed in range(2)], self.film)
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True).returncode:
            self.skipTest("mounting needs root")
        self.addCleanup(subprocess.run, ["umount", "-l", disk])
        project = self.project(exports={"large": "{ resolution: 1920x1080, codec: ffv1, container: mkv }"})
        os.environ["REELMILL_CACHE"] = str(disk)
        self.addCleanup(os.environ.pop, "REELMILL_CACHE")
        done = project.call("run")
        self.assertEqual(done.returncode, 75, done.stdout + done.stderr)
        self.assertIn("looking for room: the work needs at least", done.stderr)
        self.assertIn(str(disk), done.stderr)
        self.assertFalse(list(disk.rglob("*.pkts")), "something was rendered")
        receipt = receipt_of(project)
        self.assertEqual((receipt["ok"], receipt["error"]["kind"]), (False, "full"))


class Receipt(Film):
    def test_it_tells_what_was_done(self):
        media.join([media.shot(seed, 90, "30") for seed in range(2)], self.film, sound=True)
        project = self.project()
        project.run()
        receipt = receipt_of(project)
        self.assertTrue(receipt["ok"])
        self.assertEqual(receipt["counts"]["units_reused"], 0)
        self.assertEqual({each["walk"] for each in receipt["work"]}, {"index", "analysis", "video", "audio", "mux"})
        self.assertTrue(all(each["done"] and each["attempts"] == 1 for each in receipt["work"]))
        output = receipt["outputs"][0]
        self.assertEqual(output["sha256"], facts.hashlib.sha256(project.output(self.film, "one").read_bytes()).hexdigest())
        self.assertTrue(receipt["libraries"]["libx264"] and receipt["libraries"]["libavcodec"])
        project.run()
        again = receipt_of(project)
        self.assertEqual((again["counts"]["units_made"], again["work"]), (0, []))
        self.assertEqual(again["counts"]["units_reused"], receipt["counts"]["units_made"])
        self.assertTrue(again["outputs"][0]["was_there"])


if __name__ == "__main__":
    facts.main()
