# SPDX-License-Identifier: GPL-3.0-or-later
"""`reelmill loudness` brings batches of files to one loudness, keeps what is not sound, and only measures where nothing is asked for."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import jsonschema

import _facts as facts
import loudness_media as media

SCHEMA = json.loads((pathlib.Path(__file__).resolve().parents[2] / "docs/schemas/loudness.json").read_text())
RATE = 48000


def film(path, samples, picture=("-c:v", "libx264", "-preset", "ultrafast", "-g", "25"), sound=("-c:a", "aac", "-b:a", "192k"), rate=RATE, extra=()):
    samples = media.numpy.asarray(samples, "<f4")
    samples = samples[:, None] if samples.ndim == 1 else samples
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[samples.shape[1]]
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=160x96:r=25:d=%f" % (len(samples) / rate), "-f", "f32le", "-ar",
                    str(rate), "-channel_layout", layout, "-ac", str(samples.shape[1]), "-i", "-", *extra, "-map", "0:v", "-map", "1:a", "-pix_fmt", "yuv420p", *picture, *sound,
                    str(path)], input=samples.tobytes(), check=True)
    return path


def pictures(path):
    """A hash of the coded picture's packets."""
    return subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v:0", "-c", "copy", "-f", "hash", "-"], capture_output=True, text=True,
                          check=True).stdout


class Batch(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-loudness-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}
        self.environment.pop("REELMILL_CACHE", None)
        self.work = self.folder / "work"
        self.work.mkdir()

    def call(self, *arguments, code=0):
        done = subprocess.run([facts.REELMILL, "loudness", *map(str, arguments)], cwd=self.work, env=self.environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def report(self, *arguments, code=0):
        report = json.loads(self.call(*arguments, "--json", code=code).stdout)
        jsonschema.validate(report, SCHEMA)
        return report

    def put(self):
        speech = media.voice("demo-congrats", 2, 5, RATE)
        self.quiet, self.loud = 0.2 * speech, media.both(speech, 0.8 * speech)
        film(self.work / "quiet.mp4", self.quiet)
        film(self.work / "loud.mov", self.loud, rate=44100)
        film(self.work / "other.mkv", media.both(0.5 * speech), sound=("-c:a", "flac"))
        return ["quiet.mp4", "loud.mov", "other.mkv"]

    def test_without_an_output_it_measures(self):
        names = self.put()
        before = sorted(os.listdir(self.work))
        report = self.report(".")
        self.assertEqual(sorted(os.listdir(self.work)), before)
        self.assertEqual([pathlib.Path(file["path"]).name for file in report["files"]], sorted(names))
        for file in report["files"]:
            self.assertEqual((file["output"], file["after"], file["gain_db"], file["mode"]), (None, None, None, None))
            heard = media.heard(file["path"])
            self.assertAlmostEqual(file["before"]["integrated"], heard["integrated"], delta=0.1)
            self.assertAlmostEqual(file["before"]["true_peak"], heard["true_peak"], delta=0.2)
        table = self.call(".").stdout
        self.assertIn("LUFS", table)
        self.assertEqual(len(table.splitlines()), 4)

    def test_films_keep_all_but_their_loudness(self):
        names = self.put()
        report = self.report(*names, "-o", "out", "--integrated", "-18", "--true-peak", "-2")
        self.assertEqual(sorted(os.listdir(self.work / "out")), sorted(names))
        for file in report["files"]:
            source, made = pathlib.Path(file["path"]), pathlib.Path(file["output"])
            with self.subTest(source.name):
                self.assertEqual(pictures(made), pictures(source))
                heard = media.heard(made)
                self.assertAlmostEqual(heard["integrated"], -18, delta=0.1)
                self.assertLessEqual(heard["true_peak"], -2)
                self.assertEqual(facts.decode_errors(made), "")
                for what in ("sample_rate", "channels"):
                    self.assertEqual(facts.stream_of(made, "a")[what], facts.stream_of(source, "a")[what])
        again = self.call(*names, "-o", "out", "--integrated", "-18", "--true-peak", "-2")
        self.assertNotIn("started", again.stderr)

    def test_how_many_at_a_time_changes_nothing(self):
        names = self.put()
        self.call(*names, "-o", "two", "-j", 2)
        shutil.rmtree(self.folder / "cache")
        self.call(*names, "-o", "one", "-j", 1)
        for name in names:
            self.assertEqual((self.work / "one" / name).read_bytes(), (self.work / "two" / name).read_bytes(), name)

    def test_sounds_stay_their_kind_of_file(self):
        speech = media.voice("demo-instruct", 3, 5, 44100)
        media.write(self.work / "a.wav", media.both(speech), 44100)
        wanted = {"a.wav": ("a.wav", "pcm_s24le")}
        for name, codec, made in (("b.flac", "flac", "b.flac"), ("c.m4a", "aac", "c.m4a"), ("d.mp3", "libmp3lame", "d.m4a")):
            subprocess.run(["ffmpeg", "-v", "error", "-i", self.work / "a.wav", "-c:a", codec, self.work / name], check=True)
            wanted[name] = made, "flac" if name == "b.flac" else "aac"
        report = self.report(".", "-o", "out", "--preset", "streaming")
        self.assertEqual(len(report["files"]), 4)
        for file in report["files"]:
            name, codec = wanted[pathlib.Path(file["path"]).name]
            made = pathlib.Path(file["output"])
            with self.subTest(name):
                self.assertEqual((made.name, facts.stream_of(made, "a")["codec_name"]), (name, codec))
                self.assertEqual(facts.stream_of(made, "a")["sample_rate"], "44100")
                heard = media.heard(made)
                self.assertAlmostEqual(heard["integrated"], -14, delta=0.1)
                self.assertLessEqual(heard["true_peak"], -1)

    def test_surround_stays_surround(self):
        base = media.voice("demo-instruct", 3, 4, RATE)
        channels = media.numpy.stack([0.3 * base, 0.3 * base, base, 0 * base, 0.1 * base, 0.1 * base], axis=1)
        film(self.work / "back.mov", channels, sound=("-c:a", "pcm_s16le"))
        self.report("back.mov", "-o", "out.mp4")
        self.assertEqual(facts.stream_of(self.work / "out.mp4", "a")["channels"], 6)
        self.assertAlmostEqual(media.heard(self.work / "out.mp4")["integrated"], -16, delta=0.1)

    def test_an_album_keeps_its_differences(self):
        names = self.put()
        report = self.report(*names, "-o", "out", "--album", "--integrated", "-20", "--true-peak", "-1")
        gains = {file["gain_db"] for file in report["files"]}
        self.assertEqual(len(gains), 1)
        self.assertAlmostEqual(gains.pop(), -20 - report["album"]["integrated"], delta=0.02)
        for file in report["files"]:
            if file["mode"] == "linear":
                self.assertAlmostEqual(file["after"]["integrated"] - file["before"]["integrated"], file["gain_db"], delta=0.1)
            self.assertLessEqual(media.heard(file["output"])["true_peak"], -1)

    def test_what_is_right_is_copied(self):
        names = self.put()
        measured = self.report("quiet.mp4")["files"][0]["before"]
        target = round(measured["integrated"] + 0.3, 1)
        report = self.report(*names, "-o", "out", "--integrated", target, "--true-peak", 0, "--skip-within", 0.5)
        modes = {pathlib.Path(file["path"]).name: file["mode"] for file in report["files"]}
        self.assertEqual(modes["quiet.mp4"], "skipped")
        self.assertEqual((self.work / "out/quiet.mp4").read_bytes(), (self.work / "quiet.mp4").read_bytes())
        self.assertNotEqual(modes["loud.mov"], "skipped")
        self.assertAlmostEqual(media.heard(self.work / "out/loud.mov")["integrated"], target, delta=0.1)

    def test_one_bad_file_stops_no_other(self):
        self.put()
        (self.work / "bad.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(3000))
        report = self.report(".", "-o", "out", code=66)
        errors = {pathlib.Path(file["path"]).name: file["error"] for file in report["files"]}
        self.assertTrue(errors.pop("bad.mp4"))
        self.assertEqual(set(errors.values()), {None})
        self.assertEqual(sorted(os.listdir(self.work / "out")), ["loud.mov", "other.mkv", "quiet.mp4"])

    def test_nothing_foreign_is_replaced(self):
        self.put()
        (self.work / "out").mkdir()
        (self.work / "out/quiet.mp4").write_text("mine")
        self.call("quiet.mp4", "-o", "out", code=64)
        self.assertEqual((self.work / "out/quiet.mp4").read_text(), "mine")
        self.call("quiet.mp4", "-o", ".", code=64)
        self.call("quiet.mp4", "-o", "x.mp3", code=64)
        self.call("quiet.mp4", "-o", "out", "--integrated", "-90", code=64)
        self.call("quiet.mp4", "-o", "out", "--overwrite")


if __name__ == "__main__":
    unittest.main(verbosity=2)
