# SPDX-License-Identifier: GPL-3.0-or-later
"""Files made to harm are refused with one clear message, soon, in little memory, and nothing they name is opened."""
import concurrent.futures
import ctypes
import os
import pathlib
import re
import shutil
import tempfile
import threading
import time
import unittest

import _facts as facts
import hostile_media

EXPORTS = {"small": "{ resolution: 160x90, preset: ultrafast, crf: 30 }"}
ASAN = "asan" in facts.REELMILL
SLOW = 8 if ASAN else 1
MOST_SECONDS, MOST_BYTES = 20 * SLOW, 1 << 30
# Bytes that a terminal may obey: nothing of a file's may get there.
RAW = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]")


class Ended:
    def __init__(self, process, seconds, out, err):
        _, status, usage = process
        self.code = os.waitstatus_to_exitcode(status)
        self.seconds, self.peak = seconds, usage.ru_maxrss * 1024
        self.out, self.err = out, err


def ended(folder, *arguments):
    """Runs reelmill; what it said, and what it and its workers took at most."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.monotonic()
        child = os.fork()
        if child == 0:
            try:
                os.chdir(folder)
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                os.execv(facts.REELMILL, [facts.REELMILL, *arguments])
            finally:
                os._exit(127)
        limit = threading.Timer(10 * MOST_SECONDS, os.kill, (child, 9))
        limit.start()
        process = os.wait4(child, 0)
        limit.cancel()
        out.seek(0), err.seek(0)
        return Ended(process, time.monotonic() - begin, out.read(), err.read())


class Opens:
    """Tells whether anybody opened one of these files (inotify)."""

    def __init__(self, *files):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.number = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        for file in files:
            if self.libc.inotify_add_watch(self.number, os.fsencode(file), 0x20 | 0x1) < 0:
                raise OSError(ctypes.get_errno(), "inotify_add_watch")

    def any(self):
        try:
            return bool(os.read(self.number, 4096))
        except BlockingIOError:
            return False

    def close(self):
        os.close(self.number)


class Malice(unittest.TestCase):
    def project(self, name, data):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-test-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        (folder / "footage").mkdir()
        (folder / "footage" / name).write_bytes(data)
        lines = ["reelmill: 1", "name: test", "sources: 'footage/*'", "exports:"]
        lines += ["  - %s: %s" % export for export in EXPORTS.items()]
        (folder / "reelmill.yaml").write_text("\n".join(lines) + "\n")
        return folder

    def left(self, folder):
        """Files outside the workspace, but for the project and its footage."""
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and
                      path.relative_to(folder).parts[0] not in (".reelmill", "footage", "reelmill.yaml") and path.parent.name != "logs")

    def check_clean(self, folder, done):
        self.assertEqual(RAW.search(done.out + done.err.replace(b"\r", b"")), None, done.out + done.err)
        self.assertEqual(list((folder / ".reelmill" / "attempts").iterdir()), [])
        self.assertEqual([str(path) for path in folder.rglob("*.part")] + [str(path) for path in folder.rglob("*.tmp")], [])
        self.assertEqual(facts.workers_of(folder), [])
        self.assertLess(done.seconds, MOST_SECONDS)
        if not ASAN:
            self.assertLess(done.peak, MOST_BYTES)

    def refused(self, name, data, may_pass=False):
        folder = self.project(name, data)
        done = ended(folder, "run", "--jobs", "1")
        words = done.err.decode()
        self.check_clean(folder, done)
        self.assertEqual((folder / "footage" / name).read_bytes(), data)
        if may_pass and done.code == 0:
            for path in self.left(folder):
                if path.endswith(".mp4"):
                    self.assertEqual(facts.decode_errors(folder / path), "")
            return done
        self.assertEqual(done.code, 66, words)
        self.assertEqual(len(words.strip().splitlines()), 1, words)
        self.assertIn(name, words)
        self.assertEqual(self.left(folder), [])
        return done

    def all_refused(self, files, may_pass=()):
        worst = []
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            jobs = {name: pool.submit(self.refused, name, data, name in may_pass) for name, data in files.items()}
            for name, job in jobs.items():
                with self.subTest(name):
                    done = job.result()
                    worst.append((done.peak, done.seconds, name, done.code, done.err.decode().strip()))
        for peak, seconds, name, code, words in sorted(worst, reverse=True):
            print("%6.1f MB %5.2f s  %-28s %d  %s" % (peak / 1e6, seconds, name, code, words))

    def test_what_names_other_files(self):
        with tempfile.TemporaryDirectory() as folder:
            secret = pathlib.Path(folder) / "secret.mp4"
            secret.write_bytes(hostile_media.mini())
            watch = Opens(secret, "/etc/passwd")
            self.addCleanup(watch.close)
            files = hostile_media.playlists(secret)
            watch.any()
            # The picture of the AVI file is good; what its subtitle names is not looked at.
            self.all_refused(files, may_pass=("playlist-in-subtitles.avi",))
            self.assertFalse(watch.any())

    def test_bombs(self):
        self.all_refused(hostile_media.bombs(), may_pass=("boxes-in-boxes.mp4", "tracks-in-tracks.mp4", "box-of-4-gigabytes.mp4"))

    def test_clocks(self):
        self.all_refused(hostile_media.clocks(), may_pass=hostile_media.clocks())

    def test_remains(self):
        self.all_refused(hostile_media.remains())


class Names(unittest.TestCase):
    def test_any_name_a_file_may_have(self):
        with facts.Project(["footage/*", "footage/.*"], EXPORTS) as project:
            hostile_media.write(project.folder / "footage", dict.fromkeys(hostile_media.NAMES, hostile_media.mini()))
            before = {path.name for path in (project.folder / "footage").iterdir()}
            done = ended(project.folder, "run")
            self.assertEqual(done.code, 0, done.err.decode())
            planned = ended(project.folder, "plan")
            self.assertEqual(planned.code, 0, planned.err.decode())
            for said in (done, planned):
                self.assertIsNone(RAW.search(said.out + said.err), said.out + said.err)
            for log in (project.folder / "metadata").rglob("*.log"):
                self.assertIsNone(RAW.search(log.read_bytes()))
            made = [path for path in project.outputs() if path.startswith("03_delivered") and path.endswith(".mp4")]
            self.assertEqual(len(made), len(hostile_media.NAMES))
            for path in made:
                self.assertIsNone(RAW.search(path.encode()), path)
                self.assertEqual(path.count("/"), 2, path)
                self.assertEqual(facts.decode_errors(project.folder / path), "")
            self.assertEqual({path.name for path in (project.folder / "footage").iterdir()}, before)
            self.assertEqual(sorted(path.name for path in project.folder.iterdir()),
                             [".reelmill", "02_output", "03_delivered", "footage", "metadata", "reelmill.yaml"])

    def test_a_name_that_is_no_text(self):
        with facts.Project(["footage/*"], EXPORTS) as project:
            (project.folder / "footage").mkdir()
            with open(os.fsencode(project.folder) + b"/footage/bad\xff\xfe.mp4", "wb") as file:
                file.write(hostile_media.mini())
            done = ended(project.folder, "run")
            self.assertEqual(done.code, 65, done.err)
            self.assertIn("not UTF-8", done.err.decode())
            self.assertEqual(project.outputs(), {})

    def test_tags_stay_behind(self):
        with facts.Project(["footage/*"], EXPORTS) as project:
            hostile_media.write(project.folder / "footage", {"titled.mkv": hostile_media.titled()})
            done = ended(project.folder, "run")
            self.assertEqual(done.code, 0, done.err.decode())
            self.assertIsNone(RAW.search(done.out + done.err))
            for path in project.outputs():
                if path.endswith(".mp4"):
                    tags = str(facts.probe(project.folder / path, "-show_format", "-show_streams"))
                    self.assertNotIn("owned", tags)
                    self.assertNotIn("pts}", tags)

    def test_texts_that_want_to_be_paths(self):
        with facts.Project(["footage/*"], {"a": EXPORTS["small"]}) as project:
            hostile_media.write(project.folder / "footage", {"{project}.mp4": hostile_media.mini()})
            file = project.folder / "reelmill.yaml"
            text = file.read_text().replace("name: test", "name: '../../{name}/x:y'")
            file.write_text(text + "deliver: 'out/{project}/{name}_{platform}.{ext}'\n")
            done = ended(project.folder, "run")
            self.assertEqual(done.code, 0, done.err.decode())
            self.assertTrue((project.folder / "out/_.._{name}_x:y/{project}_a.mp4").exists(), list(project.folder.rglob("*")))
            for bad in ("../{name}.{ext}", "/tmp/{name}.{ext}", "{name}/../../{platform}.{ext}", "a\\b/{name}", ".reelmill/cache/{name}.{ext}",
                        "{name:>1000000}.{ext}", "{0}.{ext}", "{name!r}.{ext}", "%(name)s/{}"):
                with self.subTest(bad):
                    file.write_text(text + "deliver: '%s'\n" % bad)
                    done = ended(project.folder, "run")
                    self.assertEqual(done.code, 65)
                    self.assertRegex(done.err.decode(), r"reelmill\.yaml:\d+:10: .*\n$")


if __name__ == "__main__":
    unittest.main()
