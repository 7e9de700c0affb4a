# SPDX-License-Identifier: GPL-3.0-or-later
"""A film with another sound: the delivered offset is measured, whatever had to be found, drifted or was cut."""
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy

import _facts as facts
import sync_media as media

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SPEECH = REPOSITORY / ".cache" / "sources"
REELMILL = os.environ["REELMILL"]
RATE = 48000
FPS = 25


def decoded(path, seconds=None):
    """Mono as a player gives it, from the file's beginning."""
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:a:0", "-af", "aresample=async=1:first_pts=0", "-ac", "1",
                          "-ar", str(RATE), "-f", "f32le", "-"], capture_output=True, check=True).stdout
    samples = numpy.frombuffer(raw, "<f4")
    return samples if seconds is None else samples[:int(seconds * RATE)]


def late_by(heard, wanted, reach=0.5):
    """Seconds by which `heard` is later than `wanted`."""
    size = 1 << (len(heard) + len(wanted) - 1).bit_length()
    match = numpy.fft.irfft(numpy.fft.rfft(heard, size) * numpy.conj(numpy.fft.rfft(wanted, size)))
    count = int(reach * RATE)
    match = numpy.concatenate([match[-count:], match[:count + 1]])
    return (int(numpy.argmax(match)) - count) / RATE


def picture_hash(path):
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:v:0", "-c", "copy", "-f", "framemd5", "-"],
                          capture_output=True, check=True, text=True).stdout
    return [line.split(",")[-1].strip() for line in done.splitlines() if not line.startswith("#")]


@unittest.skipUnless((SPEECH / "demo-instruct.wav").is_file(), "scripts/setup has not fetched the speech")
class Replaced(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.place = pathlib.Path(cls.folder.name)
        cls.environment = dict(os.environ, REELMILL_CACHE=str(cls.place / "cache"))
        random = numpy.random.default_rng(1)
        prompts = [media.read_wave(SPEECH / f"demo-{name}.wav") for name in ("instruct", "congrats")]
        cls.material = media.speech(prompts, 100, random)
        # The camera: 40 s from second 10 of the event on, far away and noisy.
        cls.event = cls.material[10 * media.RATE:50 * media.RATE]
        scratch = media.with_noise(media.telephone(media.in_a_room(cls.event, random)), 3, random)
        cls.film = cls.make_film("camera.mp4", scratch, 40)
        cls.clean = cls.sound("clean.wav", cls.event)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def sound(cls, name, samples, rate=RATE):
        path = cls.place / name
        media.write_wave(path, media.level(samples), rate)
        return path

    @classmethod
    def make_film(cls, name, samples, seconds):
        sound = cls.sound(name + ".wav", samples)
        film = cls.place / name
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=s=160x90:r={FPS}:d={seconds}", "-i", str(sound),
                        "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "50", "-c:a", "aac", "-b:a", "96k", str(film)], check=True)
        return film

    def replace(self, sound, *extra, film=None, out="out.mp4", code=0):
        out = self.place / out
        if out.exists():
            out.unlink()
        done = subprocess.run([REELMILL, "replace-audio", str(film or self.film), str(sound), "-o", str(out), *extra], capture_output=True,
                              text=True, env=self.environment)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.said = done.stdout + done.stderr
        return out

    def event_at(self, first, seconds):
        """What happened from a second of the film on, at the output's rate."""
        path = self.sound("event.wav", self.material[int((10 + first) * media.RATE):int((10 + first + seconds) * media.RATE)])
        return decoded(path)

    def assert_in_step(self, out, places, within=0.001):
        heard = decoded(out)
        for first in places:
            wanted = self.event_at(first, 4)
            part = heard[int(first * RATE):int((first + 4) * RATE)]
            self.assertGreater(numpy.corrcoef(part, wanted[:len(part)])[0, 1], 0.5, f"at {first} s")
            self.assertLessEqual(abs(late_by(part, wanted)), within, f"at {first} s")

    def test_the_sign_of_an_offset(self):
        clean = decoded(self.clean)
        for text, seconds in (("120ms", 0.12), ("-0.5s", -0.5), ("0", 0), ("-250 ms", -0.25), ("1.5", 1.5)):
            with self.subTest(offset=text):
                heard = decoded(self.replace(self.clean, f"--offset={text}", "--keep-video"))
                self.assertLessEqual(abs(late_by(heard, clean, 2) - seconds), 0.001)
                if seconds > 0:
                    self.assertLess(numpy.abs(heard[:int((seconds - 0.05) * RATE)]).max(), 0.001)

    def test_the_picture_is_copied_and_the_sound_is_aac(self):
        out = self.replace(self.clean, "--offset", "0")
        self.assertEqual(picture_hash(out), picture_hash(self.film))
        self.assertEqual(facts.stream_of(out, "a")["codec_name"], "aac")
        self.assertGreater(int(facts.stream_of(out, "a")["bit_rate"]), 100_000)

    def test_the_offset_is_found(self):
        for name, first in (("later", 3.25), ("earlier", -6.125)):
            with self.subTest(name):
                begin = int((10 + first) * media.RATE)
                sound = self.sound(f"{name}.wav", media.other_microphone(self.material[begin:begin + 30 * media.RATE], numpy.random.default_rng(3)), 44100)
                out = self.replace(sound, "--keep-video")
                self.assert_in_step(out, [6, 12, 18])

    def test_drift_is_taken_out(self):
        truth = media.pair(self.material, 10, 40, 1.0, 38, 180e-6)
        out = self.replace(self.sound("drifts.wav", truth.b), "--keep-video")
        self.assert_in_step(out, [2, 10, 20, 30, 34])

    def test_cuts_are_taken_out(self):
        truth = media.without(media.pair(self.material, 10, 40, 0.4, 39), 20, 1.2)
        out = self.replace(self.sound("lacks.wav", truth.b), "--keep-video")
        self.assert_in_step(out, [2, 10, 15, 23, 30])
        heard = decoded(out)
        self.assertLess(numpy.abs(heard[int(20.3 * RATE):int(20.9 * RATE)]).max(), 0.01)
        more = media.with_more(media.pair(self.material, 10, 40, 0.4, 39), 20, self.material[70 * media.RATE:72 * media.RATE])
        out = self.replace(self.sound("more.wav", more.b), "--keep-video")
        self.assert_in_step(out, [2, 10, 15, 21, 30])

    def test_it_ends_with_the_shorter(self):
        short, long = self.sound("short.wav", self.event[:25 * media.RATE]), self.sound("long.wav", self.material[10 * media.RATE:60 * media.RATE])
        for sound, extra, picture, heard in ((short, (), 25, 25), (short, ("--keep-video",), 40, 40), (short, ("--keep-all",), 40, 40),
                                             (long, (), 40, 40), (long, ("--keep-video",), 40, 40), (long, ("--keep-all",), 40, 50)):
            with self.subTest(sound=sound.name, extra=extra):
                out = self.replace(sound, "--offset", "0", *extra)
                self.assertAlmostEqual(float(facts.stream_of(out, "v")["duration"]), picture, delta=0.25)
                self.assertAlmostEqual(float(facts.stream_of(out, "a")["duration"]), heard, delta=0.25)
                self.assertIn("picture", self.said, "a difference of more than a second is told")
        self.replace(self.clean, "--offset", "0")
        self.assertNotIn("before the picture", self.said)

    def test_strangers_are_refused_and_nothing_is_written(self):
        before = {path.name for path in self.place.iterdir()}
        strange = self.sound("strange.wav", self.event[::-1])
        out = self.replace(strange, code=1)
        self.assertFalse(out.exists())
        self.assertIn("agree", self.said)
        self.assertEqual({path.name for path in self.place.iterdir()} - before - {"strange.wav", "cache"}, set())

    def test_jobs_change_no_byte(self):
        truth = media.pair(self.material, 10, 40, 1.0, 38, 150e-6)
        sound = self.sound("jobs.wav", truth.b)
        digests = set()
        for jobs in ("1", "2"):
            self.environment["REELMILL_CACHE"] = str(self.place / f"cache{jobs}")
            digests.add(hashlib.sha256(self.replace(sound, "--jobs", jobs).read_bytes()).hexdigest())
        self.environment["REELMILL_CACHE"] = str(self.place / "cache")
        self.assertEqual(len(digests), 1)

    def test_mistakes(self):
        for arguments, code in ((["--offset", "soon"], 64), (["--keep-video", "--keep-all"], 64)):
            self.replace(self.clean, *arguments, code=code)
        self.replace(self.place / "missing.wav", code=64)
        self.replace(self.clean, out="out.txt", code=64)

    def test_in_a_project(self):
        project = self.place / "project"
        (project / "00_source" / "video" / "raw").mkdir(parents=True)
        (project / "00_source" / "audio").mkdir()
        (project / "00_source" / "video" / "raw" / "film.mp4").write_bytes(self.film.read_bytes())
        begin = int(12.5 * media.RATE)
        (project / "00_source" / "audio" / "clean.wav").write_bytes(
            self.sound("later.wav", self.material[begin:begin + 30 * media.RATE]).read_bytes())
        text = ("reelmill: 1\naudio:\n  - replace_audio: { file: 00_source/audio/clean.wav }\n  - volume: { gain: -3 dB }\n"
                "exports:\n  - small: { resolution: 160x90, fps: 25, preset: ultrafast }\n")
        (project / "reelmill.yaml").write_text(text)
        done = subprocess.run([REELMILL, "run", str(project)], capture_output=True, text=True, env=self.environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        out = project / "02_output" / "final" / "film_small.mp4"
        self.assert_in_step(out, [6, 15, 25])
        again = subprocess.run([REELMILL, "plan", "--json", str(project)], capture_output=True, text=True, env=self.environment)
        self.assertEqual({stage["state"] for stage in json.loads(again.stdout)["stages"]}, {"cached"})
        # Another sound of the same name is another sound.
        (project / "00_source" / "audio" / "clean.wav").write_bytes(
            self.sound("later.wav", self.material[begin + 8000:begin + 30 * media.RATE]).read_bytes())
        done = subprocess.run([REELMILL, "run", str(project)], capture_output=True, text=True, env=self.environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assert_in_step(out, [6, 15, 25])
        (project / "reelmill.yaml").write_text(text.replace("audio:\n", "audio:\n  - volume: { gain: 1 dB }\n"))
        done = subprocess.run([REELMILL, "run", str(project)], capture_output=True, text=True, env=self.environment)
        self.assertEqual(done.returncode, 65, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
