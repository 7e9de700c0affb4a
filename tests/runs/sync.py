# SPDX-License-Identifier: GPL-3.0-or-later
"""What `reelmill sync` says of two recordings is true: offset, drift, cuts, or that they are not the same."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

import jsonschema
import numpy

import sync_media as media

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SPEECH = REPOSITORY / ".cache" / "sources"
REELMILL = os.environ["REELMILL"]
SCHEMA = json.loads((REPOSITORY / "docs" / "schemas" / "sync.json").read_text())


@unittest.skipUnless((SPEECH / "demo-instruct.wav").is_file(), "scripts/setup has not fetched the speech")
class Sync(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.place = pathlib.Path(cls.folder.name)
        cls.instruct = media.read_wave(SPEECH / "demo-instruct.wav")
        cls.congrats = media.read_wave(SPEECH / "demo-congrats.wav")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def sync(self, a, b, rates=(media.RATE, media.RATE), code=0, extra=()):
        names = []
        for name, samples, rate in (("a", a, rates[0]), ("b", b, rates[1])):
            names.append(self.place / f"{name}.wav")
            media.write_wave(names[-1], media.level(samples), rate)
        done = subprocess.run([REELMILL, "sync", "--json", *map(str, names), *extra], capture_output=True)
        self.assertEqual(done.returncode, code, done.stdout.decode() + done.stderr.decode())
        found = json.loads(done.stdout)
        jsonschema.validate(found, SCHEMA)
        return found

    def assert_true(self, found, truth):
        self.assertEqual(len(found["cuts"]), len(truth.cuts), found["cuts"])
        for segment in found["segments"]:
            for part in (0.1, 0.9):
                t = segment["from"] + part * (segment["to"] - segment["from"])
                delay = segment["offset_ms"] / 1e3 + found["drift_ppm"] / 1e6 * (t - segment["from"])
                self.assertLessEqual(abs(delay - truth.delay(t)), 0.001, (t, delay, truth.delay(t)))

    def material(self, number, seconds):
        return media.speech([self.instruct, self.congrats], seconds, numpy.random.default_rng(number))

    def test_offsets_of_both_signs(self):
        for number, offset in enumerate((0.1234567, -3.75, 25.5, -40.0)):
            with self.subTest(offset=offset):
                truth = media.pair(self.material(number, 105), max(0, -offset), 50 + max(0, offset), offset, 50 + max(0, -offset))
                found = self.sync(truth.a, truth.b)
                self.assertEqual(found["outcome"], "offset")
                self.assertLessEqual(abs(found["offset_ms"] - offset * 1e3), 1)
                self.assertGreaterEqual(found["confidence"], 0.8)
                self.assert_true(found, truth)

    def test_a_camera_beside_a_recorder_at_any_rate(self):
        for number, rates in enumerate(((48000, 44100), (96000, 48000), (16000, 96000), (22050, 8000))):
            with self.subTest(rates=rates):
                random = numpy.random.default_rng(number)
                truth = media.pair(self.material(10 + number, 80), 0, 75, 12.3, 60, random.uniform(-200e-6, 200e-6))
                scratch = media.telephone(media.in_a_room(media.other_microphone(truth.a, random), random))
                truth.a = media.with_noise(scratch, 0, random, ("white", "pink")[number % 2])
                truth.b = media.other_microphone(truth.b, random)
                found = self.sync(truth.a, truth.b, rates)
                self.assertEqual(found["outcome"], "offset")
                self.assert_true(found, truth)

    def test_clocks_that_drift_over_ten_minutes(self):
        truth = media.pair(self.material(20, 625), 0, 620, 8.5, 605, 137e-6)
        found = self.sync(truth.a, truth.b)
        self.assertLessEqual(abs(found["drift_ppm"] - 137), 2)
        self.assert_true(found, truth)

    def test_cuts_of_both_kinds(self):
        truth = media.pair(self.material(30, 90), 0, 85, 4, 75, -50e-6)
        lacks = media.without(truth, 40, 1.5)
        found = self.sync(lacks.a, lacks.b)
        self.assert_true(found, lacks)
        self.assertLess(abs(found["cuts"][0]["at"] - 40), 0.3)
        self.assertLess(abs(found["cuts"][0]["jump_ms"] - 1500), 1)
        more = media.with_more(truth, 40, self.congrats[:12000])
        found = self.sync(more.a, more.b)
        self.assert_true(found, more)
        self.assertLess(abs(found["cuts"][0]["at"] - 40), 0.3)
        self.assertLess(abs(found["cuts"][0]["jump_ms"] + 1500), 1)

    def test_what_is_in_sync(self):
        random = numpy.random.default_rng(40)
        found = self.sync(media.with_noise(self.instruct, 6, random), self.instruct, (48000, 16000))
        self.assertEqual(found["outcome"], "in_sync")
        self.assertLessEqual(abs(found["offset_ms"]), 1)

    def test_strangers_are_refused(self):
        random = numpy.random.default_rng(50)
        noise = random.standard_normal(30 * media.RATE) * 0.1
        for a, b in ((self.instruct, self.congrats), (self.congrats, self.instruct), (noise, self.congrats), (self.instruct, self.instruct[::-1]),
                     (self.instruct[:20 * media.RATE], self.instruct[40 * media.RATE:]), (numpy.zeros(media.RATE), self.congrats)):
            found = self.sync(a, b, code=1)
            self.assertEqual(found["outcome"], "refused")
            self.assertIsNone(found["offset_ms"])
            self.assertTrue(found["reason"])

    def test_a_plot_replaces_plots_only(self):
        recording = self.place / "kept.wav"
        media.write_wave(recording, media.level(self.instruct), media.RATE)
        before = recording.read_bytes()
        done = subprocess.run([REELMILL, "sync", recording, recording, "--plot", recording], capture_output=True, text=True)
        self.assertEqual(done.returncode, 64, done.stderr)
        self.assertIn("no plot", done.stderr)
        self.assertEqual(recording.read_bytes(), before)

    def test_the_plot_is_a_picture(self):
        plot = self.place / "lag.svg"
        self.sync(self.instruct, self.instruct[8000:], extra=["--plot", str(plot)])
        root = xml.etree.ElementTree.fromstring(plot.read_text())
        self.assertTrue(root.tag.endswith("svg"))
        self.assertGreater(len(root.findall("{http://www.w3.org/2000/svg}circle")), 20)

    def test_a_file_without_sound_and_one_that_is_none(self):
        film = self.place / "silent.mp4"
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=d=1:s=64x64", str(film)], check=True)
        text = self.place / "text.wav"
        text.write_text("no sound")
        media.write_wave(self.place / "a.wav", self.congrats)
        for other in (film, text, self.place / "missing.wav"):
            done = subprocess.run([REELMILL, "sync", "--json", str(self.place / "a.wav"), str(other)], capture_output=True)
            self.assertEqual(done.returncode, 66, done.stdout)
            self.assertIn("error", json.loads(done.stdout))

    def test_what_people_read(self):
        media.write_wave(self.place / "a.wav", self.instruct)
        media.write_wave(self.place / "b.wav", self.instruct[4000:])
        done = subprocess.run([REELMILL, "sync", str(self.place / "a.wav"), str(self.place / "b.wav")], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0)
        self.assertIn("delay b.wav by 500.0", done.stdout)


if __name__ == "__main__":
    unittest.main()
