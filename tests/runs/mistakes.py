# SPDX-License-Identifier: GPL-3.0-or-later
"""What is no footage is refused with one clear message, and what was made before stays as it is."""
import shutil
import unittest

import _facts as facts
import make_media

EXPORTS = {"small": "{ resolution: 160x90, preset: ultrafast, crf: 30 }"}


class Mistakes(unittest.TestCase):
    def setUp(self):
        self.project = facts.Project(["footage/*"], EXPORTS)
        self.addCleanup(self.project.__exit__)
        self.footage = self.project.folder / "footage"
        self.footage.mkdir()

    def refused(self, code, *words):
        before = self.project.outputs()
        done = self.project.call("run")
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual({path: name for path, name in self.project.outputs().items() if path in before}, before)
        self.assertNotIn("bad", "".join(self.project.outputs()))

    def test_no_footage(self):
        self.refused(65, "footage/*")

    def test_no_project(self):
        (self.project.folder / "reelmill.yaml").unlink()
        self.refused(65, "reelmill.yaml")

    def test_text_that_calls_itself_footage(self):
        (self.footage / "bad.mp4").write_text("this is no footage\n" * 50)
        self.refused(66, "bad.mp4")

    def test_empty_file(self):
        (self.footage / "bad.mp4").touch()
        self.refused(66, "bad.mp4")

    def test_half_a_file(self):
        whole = make_media.clip("cfr30.mp4").read_bytes()
        (self.footage / "bad.mp4").write_bytes(whole[:len(whole) // 2])
        self.refused(66, "bad.mp4")

    def test_footage_that_was_good_before(self):
        clip = self.footage / "film.mp4"
        shutil.copy(make_media.clip("two_frames.mp4"), clip)
        self.project.run()
        made = self.project.outputs()
        self.assertTrue(made)
        clip.write_text("gone\n")
        self.refused(66, "film.mp4")
        self.assertEqual(self.project.outputs(), made)

    def test_playlist_does_not_open_what_it_names(self):
        port, asked = facts.listening_server(self)
        shutil.copy(make_media.clip("mpeg2.ts"), self.project.folder / "private.ts")
        local = self.project.folder / "private.ts"
        for name, text in {
            "bad.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nhttp://127.0.0.1:%d/a.ts\n#EXT-X-ENDLIST\n" % port,
            "bad.ts": "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n%s\n#EXT-X-ENDLIST\n" % local,
            "bad.mov": "ffconcat version 1.0\nfile '%s'\n" % local,
        }.items():
            with self.subTest(name):
                (self.footage / name).write_text(text)
                self.refused(66, name)
                (self.footage / name).unlink()
        self.assertEqual(asked, [])

    def test_one_bad_source_says_which(self):
        shutil.copy(make_media.clip("two_frames.mp4"), self.footage / "good.mp4")
        (self.footage / "bad.mp4").write_bytes(b"\0" * 4096)
        self.refused(66, "bad.mp4")


if __name__ == "__main__":
    unittest.main()
