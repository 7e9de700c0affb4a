# SPDX-License-Identifier: GPL-3.0-or-later
"""`reelmill captions sync` lays captions where a film speaks, says when they are there already, and refuses those of another film."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import jsonschema
import numpy

import sync_media as media

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SPEECH = REPOSITORY / ".cache" / "sources"
REELMILL = os.environ["REELMILL"]
SCHEMA = json.loads((REPOSITORY / "docs" / "schemas" / "captions_sync.json").read_text())
RATE = media.RATE
FRAME = RATE // 100


def spoken(samples):
    """[(from, to)] in seconds, between pauses of an eighth of a second."""
    frames = samples[:len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    loud = numpy.sqrt((frames ** 2).mean(axis=1)) > 0.01
    out = []
    for at in numpy.nonzero(loud)[0]:
        if out and at - out[-1][1] <= 12:
            out[-1][1] = at + 1
        else:
            out.append([at, at + 1])
    return [(a / 100, b / 100) for a, b in out if b - a >= 40]


def stamp(seconds):
    ms = round(seconds * 1000)
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def srt(cues):
    return "".join(f"{i}\n{stamp(a)} --> {stamp(b)}\nline {i}\n\n" for i, (a, b) in enumerate(cues, 1))


def times(text):
    return [int(h) * 3600 + int(m) * 60 + float(s.replace(",", ".")) for h, m, s in
            re.findall(r"(?:^|\n)(\d+):(\d+):(\d+[.,]\d+) --> ", text)]


def asked(*arguments):
    return subprocess.run([REELMILL, "captions", "sync", *map(str, arguments)], capture_output=True, text=True)


@unittest.skipUnless((SPEECH / "demo-instruct.wav").is_file(), "scripts/setup has not fetched the speech")
class CaptionsSync(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.place = pathlib.Path(cls.folder.name)
        parts = [media.read_wave(SPEECH / f"demo-{name}.wav") for name in ("instruct", "congrats")]
        cls.first = len(parts[0]) / RATE
        cls.samples = numpy.concatenate([parts[0], numpy.zeros(RATE), parts[1], numpy.zeros(RATE)])
        cls.film = cls.place / "film.wav"
        media.write_wave(cls.film, cls.samples)
        cls.cues = [(a, b + 0.1) for a, b in spoken(cls.samples)]
        (cls.place / "probe.srt").write_text(srt(cls.cues))
        done = asked(cls.place / "probe.srt", cls.film, "--json")
        if done.stdout and json.loads(done.stdout).get("error", {}).get("kind") == "missing":
            raise unittest.SkipTest(json.loads(done.stdout)["error"]["what"])

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def sync(self, cues, film=None, output="out.srt", code=0):
        given, out = self.place / "given.srt", self.place / output
        out.unlink(missing_ok=True)
        given.write_text(srt(cues))
        done = asked(given, film or self.film, "-o", out, "--json")
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        found = json.loads(done.stdout)
        jsonschema.validate(found, SCHEMA)
        self.assertEqual(out.exists(), code == 0)
        return found, times(out.read_text()) if code == 0 else []

    def assert_near(self, put, truth):
        self.assertEqual(len(put), len(truth))
        errors = sorted(abs(a - b) for a, b in zip(put, truth))
        self.assertLessEqual(errors[len(errors) // 2], 0.1, errors)

    def test_shifted_captions_are_laid_right(self):
        for shift in (2.75, 31.5):
            with self.subTest(shift=shift):
                found, put = self.sync([(a + shift, b + shift) for a, b in self.cues])
                self.assertEqual(found["outcome"], "moved")
                self.assertEqual(found["ratio"], 1)
                self.assert_near(put, [a for a, _ in self.cues])

    def test_captions_of_another_frame_rate(self):
        ratio = 25 / (24000 / 1001)
        found, put = self.sync([(a * ratio + 4, b * ratio + 4) for a, b in self.cues], output="out.vtt")
        self.assertEqual(found["outcome"], "moved")
        self.assert_near(put, [a for a, _ in self.cues])
        self.assertTrue((self.place / "out.vtt").read_text().startswith("WEBVTT"))

    def test_a_film_with_an_advertisement(self):
        gap = 40.0
        at = int(self.first * RATE)
        tone = 0.1 * numpy.sin(numpy.arange(int(gap * RATE)) * 2 * numpy.pi * 440 / RATE)
        film = self.place / "longer.wav"
        media.write_wave(film, numpy.concatenate([self.samples[:at], tone, self.samples[at:]]))
        found, put = self.sync(self.cues, film)
        self.assertEqual(found["outcome"], "moved")
        self.assertEqual(len(found["segments"]), 2)
        self.assert_near(put, [a + gap * (a >= self.first) for a, _ in self.cues])

    def test_captions_that_are_right_stay_as_they_are(self):
        found, put = self.sync(self.cues)
        self.assertEqual(found["outcome"], "in_sync", found)
        self.assertEqual([round(a, 3) for a in put], [round(a, 3) for a, _ in self.cues])

    def test_captions_of_another_film_are_refused(self):
        random = numpy.random.default_rng(3)
        cues, at = [], 0.0
        for _ in self.cues:
            at += random.uniform(0.3, 4)
            cues.append((at, at + random.uniform(0.5, 4)))
            at = cues[-1][1]
        found, _ = self.sync(cues, code=1)
        self.assertEqual(found["outcome"], "refused")
        self.assertTrue(found["reason"])

    def test_what_is_read_is_not_written_over(self):
        given = self.place / "given.srt"
        given.write_text(srt(self.cues))
        before = given.read_text()
        for output in (given, self.film):
            done = asked(given, self.film, "-o", output)
            self.assertEqual(done.returncode, 64, done.stderr)
        self.assertEqual(given.read_text(), before)
        self.assertEqual(asked(given, self.film, "-o", self.place / "out.docx").returncode, 64)


if __name__ == "__main__":
    unittest.main()
