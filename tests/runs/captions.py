# SPDX-License-Identifier: GPL-3.0-or-later
"""`reelmill captions`: files are checked by what they hold, and converted without loss; ffmpeg reads what is written."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import jsonschema

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
REELMILL = os.environ["REELMILL"]
SCHEMA = json.loads((REPOSITORY / "docs" / "schemas" / "captions.json").read_text())

GOOD = """1
00:00:01,000 --> 00:00:03,000
<i>Where</i> did you put it?

2
00:00:03,120 --> 00:00:06,500
{\\an8}On the <b>table</b>, beneath
the <u>newspaper</u> & the <3.
"""
BAD = """1
00:00:01,000 --> 00:00:01,500
This is a line that is a great deal longer than what anybody allows

2
00:00:01,520 --> 00:00:01,000
a
b
c

3
00:00:00,000 --> 00:00:09,000
early and long
"""


def call(*arguments):
    return subprocess.run([REELMILL, "captions", *map(str, arguments)], capture_output=True, text=True)


class Captions(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.place = pathlib.Path(holder.name)
        self.good = self.write("good.srt", GOOD)

    def write(self, name, content):
        path = self.place / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def check(self, code, *arguments):
        done = call("check", "--json", *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        told = json.loads(done.stdout)
        jsonschema.validate(told, SCHEMA)
        return told

    def codes(self, file):
        return {(finding["caption"], finding["code"]) for finding in file["findings"]}

    def test_good_ones_pass(self):
        done = call("check", self.good)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("1/1 keep to netflix", done.stdout)
        told = self.check(0, self.good)
        self.assertEqual((told["files"][0]["captions"], told["files"][0]["format"]), (2, "srt"))

    def test_every_fault_is_told(self):
        bad = self.write("bad.srt", BAD)
        told = self.check(1, self.good, bad, "--duration", "7")
        self.assertEqual((told["total"], told["valid"]), (2, 1))
        found = self.codes(told["files"][1])
        for expected in ((1, "captions.line_length"), (1, "captions.reading_speed"), (1, "captions.too_short"), (2, "captions.lines"),
                         (2, "captions.too_short"), (3, "captions.order"), (3, "captions.too_long"), (3, "captions.overlap"),
                         (3, "captions.beyond_end")):
            self.assertIn(expected, found)
        done = call("check", bad)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"(?m)^ +1  00:00:01\.000  a line of \d+ characters; 42 are allowed$")

    def test_profiles(self):
        slow = self.write("slow.yaml", "reading_speed: 5\n")
        told = self.check(1, self.good, "--profile", slow)
        self.assertEqual({code for _, code in self.codes(told["files"][0])}, {"captions.reading_speed"})
        self.assertEqual(told["profile"]["name"], "slow")
        self.assertEqual({code for _, code in self.codes(self.check(1, self.good, "--profile", "social")["files"][0])},
                         {"captions.line_length"})
        wrong = self.write("wrong.yaml", "reading_sped: 5\n")
        self.assertEqual(call("check", self.good, "--profile", wrong).returncode, 65)
        done = call("check", self.good, "--profile", "netflx")
        self.assertEqual(done.returncode, 64)
        self.assertIn("'netflix'", done.stderr)

    def test_the_rate_decides_the_gap(self):
        near = self.write("near.srt", "1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:02,042 --> 00:00:04,000\nb\n")
        self.check(0, near, "--rate", "50")
        self.assertEqual(self.codes(self.check(1, near, "--rate", "24000/1001")["files"][0]), {(2, "captions.gap")})
        self.assertEqual(call("check", near, "--rate", "none").returncode, 64)

    def test_what_cannot_be_read(self):
        text = self.write("text.srt", "no times at all\n")
        xml = self.write("broken.ttml", "<tt>\n<body>\n<p></body></tt>")
        told = self.check(66, text, xml, self.place / "not_there.srt", self.good)
        self.assertEqual([file["valid"] for file in told["files"]], [False, False, False, True])
        self.assertIn("line 3", told["files"][1]["error"]["what"])
        self.assertEqual({file["error"]["kind"] for file in told["files"][:3]}, {"media"})

    def test_there_and_back(self):
        last = self.good
        for extension in ("vtt", "ass", "ttml", "srt"):
            out = self.place / f"round.{extension}"
            done = call("convert", last, "-o", out)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            last = out
        self.assertEqual(last.read_text(), GOOD)

    def test_another_program_reads_them(self):
        texts = {}
        for extension in ("srt", "vtt", "ass", "ttml"):
            out = self.place / f"film.{extension}"
            self.assertEqual(call("convert", self.good, "-o", out).returncode, 0)
            if extension == "ttml":
                continue  # which ffmpeg cannot read
            done = subprocess.run(["ffmpeg", "-v", "error", "-i", out, "-f", "srt", "-"], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            texts[extension] = [re.sub(r"<[^>]*>|\{[^}]*\}|\u200b", "", block).split("\n", 1)[1]
                                for block in re.sub("<3", "3", done.stdout).strip().split("\n\n")]
        self.assertEqual(len(texts["srt"]), 2)
        self.assertEqual(texts["srt"], texts["vtt"])
        self.assertEqual([block.split("\n", 1)[1] for block in texts["ass"]], [block.split("\n", 1)[1] for block in texts["srt"]])

    def test_encodings(self):
        old = self.write("old.srt", "1\n00:00:01,000 --> 00:00:03,000\nПривет, мир\n".encode("cp1251"))
        out = self.place / "new.vtt"
        self.assertEqual(call("convert", old, "-o", out, "--encoding", "windows-1251").returncode, 0)
        self.assertIn("Привет, мир", out.read_text())
        self.assertEqual(call("convert", old, "-o", out, "--encoding", "klingon").returncode, 64)

    def test_nothing_is_replaced_unasked(self):
        out = self.write("out.vtt", "mine")
        done = call("convert", self.good, "-o", out)
        self.assertEqual((done.returncode, out.read_text()), (64, "mine"))
        self.assertIn("--overwrite", done.stderr)
        self.assertEqual(call("convert", self.good, "-o", out, "--overwrite").returncode, 0)
        stamp = out.stat()
        told = json.loads(call("convert", self.good, "-o", out, "--json").stdout)
        self.assertEqual((told["written"], told["captions"], out.stat().st_mtime_ns), (False, 2, stamp.st_mtime_ns))
        self.assertEqual(call("convert", self.good, "-o", self.place / "x.doc").returncode, 64)
        self.assertEqual(call("convert", self.good, "-o", self.place / "no" / "x.vtt").returncode, 70)
        self.assertEqual(sorted(path.name for path in self.place.iterdir()), ["good.srt", "out.vtt"])

    def test_tidying_and_laying_out(self):
        mixed = self.write("mixed.srt", "1\n00:00:04,000 --> 00:00:07,000\nsecond\n\n2\n00:00:01,000 --> 00:00:04,100\nfirst\n\n"
                                        "3\n00:00:09,000 --> 00:00:09,000\nnothing\n")
        out = self.place / "tidy.srt"
        self.assertEqual(call("convert", mixed, "-o", out, "--tidy").returncode, 0)
        self.assertEqual(out.read_text(), "1\n00:00:01,000 --> 00:00:04,000\nfirst\n\n2\n00:00:04,000 --> 00:00:07,000\nsecond\n")
        long = self.write("long.srt", "1\n00:00:01,000 --> 00:00:12,000\nThe quick brown fox jumps over the lazy dog, and the dog, which has "
                                      "seen many foxes in its time, does not so much as open an eye to look at it.\n")
        self.assertNotEqual(self.check(1, long)["files"][0]["findings"], [])
        for profile in ("netflix", "bbc", "social"):
            out = self.place / f"{profile}.vtt"
            self.assertEqual(call("convert", long, "-o", out, "--profile", profile).returncode, 0)
            self.check(0, out, "--profile", profile)

    def test_slips_are_told(self):
        for arguments, says in {("chek", "a"): "'check'", ("convert", "a.srt"): "--output", ("check",): "FILE",
                                ("check", "a.srt", "--profil", "bbc"): "'--profile'"}.items():
            with self.subTest(arguments):
                done = call(*arguments)
                self.assertEqual(done.returncode, 64, done.stderr)
                self.assertIn(says, done.stderr)
        for task in ("check", "convert"):
            done = call(task, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(f"usage: reelmill captions {task}", done.stdout)
            self.assertIn("examples:", done.stdout)
            for option in re.findall(r"^  .*?(--[a-z-]+)", done.stdout, re.MULTILINE):
                self.assertIn(option, call("--help").stdout)


if __name__ == "__main__":
    unittest.main()
