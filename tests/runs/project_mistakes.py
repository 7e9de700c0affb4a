# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person may get wrong in a project and around it: one message each, with place and advice, the right exit code, and
nothing done."""
import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import time
import unittest

import _facts as facts
import hostile_media

HEAD = "reelmill: 1\nname: test\nsources: 'footage/*.mp4'\n"
EXPORTS = "exports:\n  - small: { resolution: 160x90, preset: ultrafast, crf: 30 }\n"
GOOD = HEAD + EXPORTS


class Written(unittest.TestCase):
    """Mistakes in the text itself. The place is that of the word that is wrong."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        hostile_media.write(self.folder / "footage", {"film.mp4": hostile_media.mini()})

    def refused(self, text, *words, lines=1, seconds=5):
        data = text if isinstance(text, bytes) else text.encode()
        (self.folder / "reelmill.yaml").write_bytes(data)
        begin = time.monotonic()
        done = subprocess.run([facts.REELMILL, "run"], cwd=self.folder, capture_output=True)
        said = done.stderr.decode()
        self.assertEqual(done.returncode, 65, said)
        self.assertLess(time.monotonic() - begin, seconds * (8 if "asan" in facts.REELMILL else 1))
        self.assertEqual(len(said.strip().splitlines()), lines, said)
        self.assertLess(len(said), 3000 * lines, "a message that nobody reads")
        for word in words:
            self.assertIn(word, said)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["footage", "reelmill.yaml"])

    def test_words_and_values(self):
        for text, place, *words in [
            (GOOD + "vidoe: [stabilize]\n", "6:1:", "unknown key 'vidoe'", "did you mean 'video'?"),
            (GOOD + "video: [stabilise]\n", "6:9:", "'stabilise'", "did you mean 'stabilize'?"),
            (GOOD + "video:\n  - grade: { contrst: 1.1 }\n", "7:14:", "'contrst'", "did you mean 'contrast'?"),
            (GOOD + "video: stabilize\n", "6:8:", "must be a list"),
            (GOOD + "video:\n  - grade: { contrast: [1] }\n", "7:24:", "must be a number, not a list"),
            (GOOD + "video:\n  - grade: 5\n", "7:12:", "must be a map"),
            (GOOD + "video:\n  - grade: { contrast: 33 }\n", "7:24:", "between 0 and 3"),
            (GOOD + "video:\n  - grade: { contrast: .nan }\n", "7:24:", "must be a number"),
            (GOOD + "video:\n  - grade: { contrast: 1e999 }\n", "7:24:", "must be a number"),
            (GOOD + "audio:\n  - highpass: { frequency: 80 dB }\n", "7:28:", "is in Hz, not in 'dB'"),
            (GOOD + "audio:\n  - highpass: { frequency: '0,2 kHz' }\n", "7:28:", "with a point"),
            (GOOD + "audio: [grade]\n", "6:9:", "put it below 'video:'"),
            (HEAD + "exports: [yuotube]\n", "4:11:", "did you mean 'youtube'?"),
            (HEAD + "exports:\n  - own: { resolution: 1921x1080 }\n", "5:24:", "even"),
            (HEAD + "exports:\n  - own: { crf: 20 }\n", "5:", "'preset' or a 'resolution'"),
            (HEAD + "exports: [youtube, youtube]\n", "4:20:", "listed twice"),
            (GOOD + "deliver: 'out/{name}_{platfrom}.{ext}'\n", "6:10:", "did you mean 'platform'?"),
            (GOOD.replace("reelmill: 1", "reelmill: 2"), "1:11:", "install a newer one"),
            (GOOD.replace("reelmill: 1\n", ""), "1:1:", "the version is missing"),
            (GOOD.replace("name: test", "name: ''"), "2:7:", "'name' is empty"),
            (GOOD.replace("name: test", "name: " + "x" * 5000), "2:7:", "5000 bytes"),
        ]:
            with self.subTest(text[len(HEAD):]):
                self.refused(text, "reelmill.yaml:" + place, *words)

    def test_two_outputs_with_one_name(self):
        text = HEAD + "exports: [youtube, tiktok]\ndeliver: 'out/{name}.{ext}'\n"
        self.refused(text, "reelmill.yaml:5:10:", "two outputs one name", "{platform}")

    def test_many_mistakes_at_once(self):
        self.refused(GOOD + "vidoe: []\naduio: []\nvideo: [blur, grad]\n", "6:1:", "7:1:", "8:9:", "8:15:", lines=4)

    def test_bytes_that_are_no_text(self):
        for text, *words in [
            (GOOD.encode() + b"# \xff\xfe\n", "6:3:", "0xff", "UTF-8"),
            (GOOD.encode("utf-16"), "1:1:", "UTF-16"),
            (GOOD.encode("latin1") + "name: M\xfcnchen\n".encode("latin1"), "6:8:", "UTF-8"),
            (GOOD.encode() + b"# \0\n", "6:3:", "control character (0x00)"),
            (GOOD.encode() + b"# \x1b[31m\n", "6:3:", "control character (0x1b)"),
            (b"\0" * 1000, "1:1:", "0x00"),
            (b"", "1:1:", "reelmill new"),
            (b"\x7fELF" + os.urandom(400), "1:1:"),
            (GOOD.replace("exports:\n", "exports:\n\t- x\n"), "5:", "indent with spaces"),
        ]:
            with self.subTest(words):
                self.refused(text, "reelmill.yaml:" + words[0], *words[1:])

    def test_bytes_that_are_fine(self):
        for text in (b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode(), GOOD.encode() + "# \u00fc \U0001f3ac\n".encode()):
            (self.folder / "reelmill.yaml").write_bytes(text)
            done = subprocess.run([facts.REELMILL, "plan"], cwd=self.folder, capture_output=True)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_bombs(self):
        laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
            "%s: &%s [%s]\n" % (this, this, ", ".join(["*" + last] * 10)) for last, this in zip("abcdefgh", "bcdefghi"))
        for name, text, *words in [
            ("laughs", laughs, "1:4:", "anchors and aliases"),
            ("merge", GOOD + "x: &x {a: 1}\ny: {<<: *x}\n", "6:4:", "anchors and aliases"),
            ("lists in lists", "a: " + "[" * 100_000, "1:"),
            ("maps in maps", "{a: " * 100_000, "1:"),
            ("dashes", "- " * 100_000, "1:"),
            ("keys in keys", "? " * 100_000, "1:"),
            ("indented", "".join(" " * i + "a:\n" for i in range(1300)), "reelmill.yaml:"),
            ("many keys", "".join("k%d: 1\n" % i for i in range(90_000)), "20000 values"),
            ("many items", "sources: [%s]\n" % ",".join(["a"] * 400_000), "20000 values"),
            ("one key", GOOD + "k" * 1_000_000 + ": 1\n", "6:"),
            ("quotes", "a: '" + "''" * 500_000, "1:"),
            ("braces", GOOD.replace("footage/*.mp4", "{" * 4000), "{"),
            ("alternatives", GOOD.replace("footage/*.mp4", "{a,b}" * 60), "alternatives"),
            ("long pattern", GOOD.replace("footage/*.mp4", "x" * 100_000), "3:10:", "100000 bytes"),
            ("100 MB", b"# comment\n" * 10_000_000, "larger than"),
            ("1 MB of comments", b"#\n" * 524_000 + GOOD.encode(), None),
        ]:
            with self.subTest(name):
                if words == [None]:
                    (self.folder / "reelmill.yaml").write_bytes(text)
                    done = subprocess.run([facts.REELMILL, "plan"], cwd=self.folder, capture_output=True, timeout=20)
                    self.assertEqual(done.returncode, 0, done.stderr[-500:])
                else:
                    self.refused(text, *words)

    def test_twenty_thousand_mistakes(self):
        text = "".join("k%d: 1\n" % i for i in range(9_000))
        self.refused(text, "and ", " more", lines=101)

    def test_not_a_file(self):
        os.mkfifo(self.folder / "pipe.yaml")
        for file in ("pipe.yaml", "/dev/zero"):
            done = subprocess.run([facts.REELMILL, "run", file], cwd=self.folder, capture_output=True, timeout=20)
            self.assertEqual(done.returncode, 65, done.stderr)
            self.assertIn("not a regular file", done.stderr.decode())


class Around(unittest.TestCase):
    """Mistakes that lie in the folders and on the disk."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        hostile_media.write(self.folder / "footage", {"film.mp4": hostile_media.mini()})
        (self.folder / "reelmill.yaml").write_text(GOOD)

    def run_in(self, folder, *arguments, **options):
        done = subprocess.run([facts.REELMILL, "run", *arguments], cwd=folder, capture_output=True, **options)
        return done.returncode, done.stderr.decode()

    def write(self, text):
        (self.folder / "reelmill.yaml").write_text(text)

    def refused(self, code, *words):
        got, said = self.run_in(self.folder)
        self.assertEqual(got, code, said)
        self.assertEqual(len(said.strip().splitlines()), 1, said)
        for word in words:
            self.assertIn(word, said)

    def test_sources_that_are_not_there(self):
        self.write(GOOD.replace("footage/*.mp4", "footage/*.mov"))
        self.refused(65, "footage/*.mov", "put footage there")
        self.write(GOOD.replace("footage/*.mp4", "footage/absent.mp4"))
        self.refused(65, "footage/absent.mp4")
        self.write(GOOD.replace("footage/*.mp4", "fotage/*.mp4"))
        self.refused(65, "there is no folder", "fotage")
        self.write(GOOD.replace("footage/*.mp4", "/absent/*.mp4"))
        self.refused(65, "there is no folder '/absent'")

    def test_an_output_that_is_a_source(self):
        before = (self.folder / "footage/film.mp4").read_bytes()
        self.write(GOOD + "deliver: 'footage/{name}.{ext}'\n")
        self.refused(65, "footage/film.mp4", "overwrite a source")
        (self.folder / "out").symlink_to("footage")
        self.write(GOOD + "deliver: 'out/{name}.{ext}'\n")
        self.refused(65, "out/film.mp4", "overwrite a source")
        (self.folder / "02_output").mkdir()
        (self.folder / "02_output/final").symlink_to("../footage")
        self.write(GOOD)
        self.refused(65, "film.mp4", "02_output/final")
        self.assertEqual((self.folder / "footage/film.mp4").read_bytes(), before)
        self.assertEqual(list((self.folder / "footage").iterdir()), [self.folder / "footage/film.mp4"])

    def test_an_output_that_is_a_link_to_a_source(self):
        before = (self.folder / "footage/film.mp4").read_bytes()
        (self.folder / "02_output/final").mkdir(parents=True)
        (self.folder / "02_output/final/film_small.mp4").symlink_to("../../footage/film.mp4")
        code, said = self.run_in(self.folder)
        self.assertEqual(code, 0, said)
        self.assertFalse((self.folder / "02_output/final/film_small.mp4").is_symlink())
        self.assertEqual((self.folder / "footage/film.mp4").read_bytes(), before)

    def test_two_sources_with_one_name(self):
        shutil.copy(self.folder / "footage/film.mp4", self.folder / "footage/film.mov")
        self.write(GOOD.replace("*.mp4", "*"))
        self.refused(65, "film.mov", "film.mp4", "rename")

    def test_a_folder_that_cannot_be_written(self):
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)
            program = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", facts.REELMILL, "run"]
            if subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", facts.REELMILL, "version"],
                              capture_output=True).returncode:
                self.skipTest("another user cannot run the program where it was built")
        else:
            program = [facts.REELMILL, "run"]
            self.folder.chmod(0o555)
            self.addCleanup(self.folder.chmod, 0o755)
        done = subprocess.run(program, cwd=self.folder, capture_output=True)
        said = done.stderr.decode()
        self.assertEqual(done.returncode, 70, said)
        self.assertEqual(len(said.strip().splitlines()), 1, said)
        self.assertIn("permission denied", said)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["footage", "reelmill.yaml"])

    def test_a_name_that_is_taken_by_a_folder(self):
        (self.folder / "02_output/final/film_small.mp4").mkdir(parents=True)
        self.refused(70, "film_small.mp4", "is a directory")
        (self.folder / "02_output/final/film_small.mp4").rmdir()
        self.assertEqual(self.run_in(self.folder)[0], 0)

    def test_a_file_where_a_folder_should_be(self):
        (self.folder / ".reelmill").write_text("mine\n")
        self.refused(70, ".reelmill")
        self.assertEqual((self.folder / ".reelmill").read_text(), "mine\n")

    def test_a_cache_that_was_tampered_with(self):
        self.assertEqual(self.run_in(self.folder)[0], 0)
        results = sorted(self.folder.glob(".reelmill/cache/*/*/result.json"))
        self.assertGreater(len(results), 3)
        for path in results:
            with self.subTest(path.read_text()[:60]):
                whole = path.read_bytes()
                for text in (b"", b"{}", b"[1]", b"{" * 100000, whole[:len(whole) // 2], whole.replace(b'"', b"'")):
                    path.write_bytes(text)
                    code, said = self.run_in(self.folder)
                    self.assertEqual(code, 0, said)
                    self.assertNotIn("exception", said)
                    self.assertNotIn("[src/", said)
                path.write_bytes(whole)
                self.assertEqual(self.run_in(self.folder)[0], 0)

    def test_a_limit_on_the_size_of_files(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
        code, said = self.run_in(self.folder, preexec_fn=limit)
        self.assertIn(code, (75, 70), said)
        self.assertIn("too large", said)
        self.assertEqual([path for path in self.folder.rglob("*.mp4") if path.parent.name != "footage"], [])
        self.assertEqual(self.run_in(self.folder)[0], 0)


class FullDisk(unittest.TestCase):
    """On a small file system in memory: every step of a run meets its end once."""

    def setUp(self):
        self.folder = facts.small_disk(self, "3m")
        hostile_media.write(self.folder / "footage", {"film.mp4": hostile_media.mini()})
        (self.folder / "reelmill.yaml").write_text(GOOD)

    def test_full_at_any_time(self):
        source = (self.folder / "footage/film.mp4").read_bytes()
        filler = self.folder / "filler"
        codes = []
        for room in (0, 4096, 8192, 16384, 24576, 32768, 49152, 65536, 98304):
            shutil.rmtree(self.folder / ".reelmill", ignore_errors=True)
            shutil.rmtree(self.folder / "02_output", ignore_errors=True)
            shutil.rmtree(self.folder / "03_delivered", ignore_errors=True)
            free = os.statvfs(self.folder)
            filler.write_bytes(b"\0" * max(0, free.f_bavail * free.f_frsize - room))
            done = subprocess.run([facts.REELMILL, "run", "--jobs", "1"], cwd=self.folder, capture_output=True)
            said = done.stderr.decode()
            codes.append(done.returncode)
            with self.subTest(room):
                self.assertIn(done.returncode, (0, 75), said)
                if done.returncode:
                    self.assertEqual(len(said.strip().splitlines()), 1, said)
                    self.assertRegex(said, "(?i)no space left|too large")
                self.assertEqual((self.folder / "footage/film.mp4").read_bytes(), source)
                for path in self.folder.rglob("*.mp4"):
                    if ".reelmill" not in path.parts:
                        self.assertEqual(facts.decode_errors(path), "", "a part of a film under its name")
            filler.unlink()
            done = subprocess.run([facts.REELMILL, "run", "--jobs", "1"], cwd=self.folder, capture_output=True)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertIn(75, codes)
        self.assertGreater(codes.count(75), 3)


if __name__ == "__main__":
    facts.main()
