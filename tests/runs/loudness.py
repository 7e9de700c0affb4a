# SPDX-License-Identifier: GPL-3.0-or-later
"""Loudness is measured as EBU Tech 3341 and 3342 ask, and what is delivered has the loudness and the true peak that were asked for,
by a second instrument, after the lossy encode."""
import json
import os
import unittest

import _facts as facts
import loudness_media as media

AAC = {"small": "{ resolution: 96x64, preset: ultrafast, audio_bitrate: 192k }"}
LONG = os.environ.get("REELMILL_LONG")


class Sounds(unittest.TestCase):
    """One project over sounds written to its folder."""
    sounds, exports, operations = [], AAC, ""

    @classmethod
    def setUpClass(cls):
        cls.project = facts.Project(["footage/*.wav"], cls.exports, cls.operations)
        cls.addClassCleanup(cls.project.__exit__)
        (cls.project.folder / "footage").mkdir()
        for name, rate, samples in cls.sounds:
            media.write(cls.project.folder / "footage" / (name + ".wav"), samples, rate)
        cls.done = cls.project.run("--json")
        cls.events = [json.loads(line) for line in cls.done.stdout.splitlines()]
        cls.told = {event["path"].rsplit("/", 1)[-1].rsplit("_", 1)[0]: event["loudness"] for event in cls.events
                    if event["event"] == "output_written" and "loudness" in event}
        cls.warnings = [event["what"] for event in cls.events if event["event"] == "warning"]

    def warned(self, name, text):
        return any(name in what and text in what for what in self.warnings)


class Tech3341(Sounds):
    """What is measured before anything is changed; a gain of 0 and a ceiling that none of these reaches."""
    sounds = [("i%d" % number, 48000, samples) for number, (samples, _) in media.INTEGRATED.items()] \
        + [("r%d" % number, 48000, samples) for number, (samples, _) in media.RANGES.items()] \
        + [("p%d" % number, 48000, samples) for number, (samples, _) in media.PEAKS.items()]
    operations = "audio: [downmix: { to: source }, loudness: { mode: gain, true_peak: 0 }]"

    def test_integrated(self):
        for number, (_, wanted) in media.INTEGRATED.items():
            with self.subTest(number):
                self.assertAlmostEqual(self.told["i%d" % number]["before"]["integrated"], wanted, delta=0.1)

    def test_range(self):
        for number, (_, wanted) in media.RANGES.items():
            with self.subTest(number):
                self.assertAlmostEqual(self.told["r%d" % number]["before"]["range"], wanted, delta=1)

    def test_true_peak(self):
        for number, (_, wanted) in media.PEAKS.items():
            with self.subTest(number):
                off = self.told["p%d" % number]["before"]["true_peak"] - wanted
                self.assertLessEqual(off, 0.2)
                self.assertGreaterEqual(off, -0.4)

    def test_ffmpeg_measures_the_same(self):
        for name, told in self.told.items():
            with self.subTest(name):
                second = media.heard(self.project.folder / "footage" / (name + ".wav"))
                self.assertAlmostEqual(told["before"]["integrated"], second["integrated"], delta=0.1)
                self.assertAlmostEqual(told["before"]["true_peak"], second["true_peak"], delta=0.2)
                if name.startswith("r"):
                    self.assertAlmostEqual(told["before"]["range"], second["range"], delta=0.5)


class Delivered(Sounds):
    sounds = media.varied(12.0 if LONG else 4.0)
    operations = "normalize: { sample_rate: source }\naudio: [downmix: { to: source }, loudness: { integrated: -16, true_peak: -1.5 }]"

    def test_it_is_as_loud_as_asked_and_no_peak_is_above_the_ceiling(self):
        self.assertGreaterEqual(len(self.sounds), 30)
        print()
        for name, rate, samples in self.sounds:
            with self.subTest(name):
                told, second = self.told[name], media.heard(self.project.output(name, "small"))
                print("%-18s %6.2f → %6.2f LUFS, %6.2f → %5.2f dBTP, %+6.2f dB %s%s, %d encodes; ffmpeg %6.2f, %5.2f" % (
                    name, told["before"]["integrated"], told["after"]["integrated"], told["before"]["true_peak"],
                    told["after"]["true_peak"], told["gain_db"], told["mode"],
                    " by %.1f dB for %.2f s" % (told["limited_db"], told["limited_seconds"]) if told["limited_db"] else "",
                    told["encodes"], second["integrated"], second["true_peak"]))
                self.assertIn(told["mode"], ("linear", "limited"))
                self.assertAlmostEqual(second["integrated"], -16, delta=0.1)
                self.assertLessEqual(second["true_peak"], -1.5)
                self.assertAlmostEqual(told["after"]["integrated"], second["integrated"], delta=0.05)
                if told["mode"] == "linear":
                    self.assertEqual(told["limited_db"], 0)
                if told["mode"] == "linear" and told["encodes"] == 1:
                    self.assertAlmostEqual(told["gain_db"], -16 - told["before"]["integrated"], delta=0.02)

    def test_rate_and_channels_are_kept(self):
        for name, rate, samples in self.sounds:
            stream = facts.stream_of(self.project.output(name, "small"), "a")
            self.assertEqual((int(stream["sample_rate"]), stream["channels"]), (rate, 1 if samples.ndim == 1 else samples.shape[1]), name)

    def test_it_is_said_of_each_in_the_receipt(self):
        receipt = json.loads(max((self.project.folder / "metadata/logs").glob("*.json"), key=os.path.getmtime).read_text())
        self.assertEqual({output["path"].rsplit("/", 1)[-1].rsplit("_", 1)[0]: output["loudness"] for output in receipt["outputs"]}, self.told)

    def test_another_run_makes_nothing_and_says_the_same(self):
        events = [json.loads(line) for line in self.project.run("--json").stdout.splitlines()]
        self.assertFalse([event for event in events if event["event"] == "stage_started"])
        self.assertEqual({event["path"].rsplit("/", 1)[-1].rsplit("_", 1)[0]: event["loudness"] for event in events
                          if event["event"] == "output_written"}, self.told)

    def test_how_many_at_a_time_changes_nothing(self):
        other = facts.Project(["footage/*.wav"], self.exports, self.operations)
        self.addCleanup(other.__exit__)
        (other.folder / "footage").symlink_to(self.project.folder / "footage")
        other.run("--jobs", "1")
        self.assertEqual(other.outputs(), self.project.outputs())


class Odd(Sounds):
    """What has no loudness, or cannot be brought to the one asked for, is explained and otherwise as it was."""
    speech = media.voice("demo-congrats", 3, 4, 48000)
    broken = speech.copy()
    broken[96000:96003] = [float("nan"), 3e38, -float("inf")]
    sounds = [("silent", 48000, media.numpy.zeros(96000)), ("faint", 48000, media.noise(-85, 3, 48000, 1)),
              ("blip", 48000, media.tone(-20, 0.3)), ("loud_blip", 48000, media.tone(0.5, 0.3)), ("broken", 48000, broken),
              ("whisper", 48000, 0.003 * speech), ("clicks", 48000, media.spiked(media.numpy.zeros(192000), 0.5, 0.5, 48000))]
    operations = "audio: [loudness: { integrated: -8, true_peak: -1 }]"

    def test_silence_is_left_alone(self):
        for name in ("silent", "faint"):
            self.assertEqual(self.told[name]["mode"], "skipped")
            self.assertIsNone(self.told[name]["before"]["integrated"])
            self.assertEqual(self.told[name]["gain_db"], 0)
            self.assertTrue(self.warned(name, "silent"))

    def test_what_is_too_short_is_left_alone_but_for_its_peaks(self):
        self.assertEqual(self.told["blip"]["mode"], "skipped")
        self.assertTrue(self.warned("blip", "shorter than the 0.4 s"))
        self.assertEqual(self.told["loud_blip"]["mode"], "limited")
        self.assertLessEqual(media.heard(self.project.output("loud_blip", "small"))["true_peak"], -1)

    def test_damage_does_not_decide_the_gain(self):
        self.assertTrue(self.warned("broken", "samples are no sound"))
        self.assertAlmostEqual(self.told["broken"]["before"]["integrated"], heard_of(self.speech), delta=0.2)

    def test_what_peaks_forbid_is_said(self):
        told = self.told["clicks"]
        self.assertLess(told["after"]["integrated"], -8.5)
        self.assertTrue(self.warned("clicks", "instead of -8.0"))
        self.assertLessEqual(told["after"]["true_peak"], -1)

    def test_a_great_gain_is_said(self):
        self.assertTrue(self.warned("whisper", "it is raised by"))


def heard_of(samples):
    with facts.Project([], AAC) as scratch:
        return media.heard(media.write(scratch.folder / "x.wav", media.both(samples)))["integrated"]


class Modes(Sounds):
    speech = media.voice("demo-instruct", 2, 12, 48000)
    wide = media.both(media.numpy.concatenate([speech[:288000] * 0.2, speech[288000:]]))
    sounds = [("wide", 48000, wide), ("spiky", 48000, media.both(media.spiked(0.1 * speech, 0.9, 1.3, 48000)))]
    exports = {name: "{ resolution: 96x64, container: mkv, audio_codec: flac }" for name in ("small",)}

    def test_a_file_is_limited(self):
        self.operations_make("audio: [loudness: { integrated: -16 }]", {"wide": -16, "spiky": -16}, "limited")

    def test_linear_never_limits(self):
        told = self.operations_make("audio: [loudness: { integrated: -10, mode: linear }]", {}, "linear")
        for name in ("wide", "spiky"):
            self.assertEqual(told[name]["limited_db"], 0)
            self.assertLess(told[name]["after"]["integrated"], -11)
            self.assertAlmostEqual(told[name]["after"]["true_peak"], -1.65, delta=0.06)

    def test_dynamic_narrows_the_range(self):
        told = self.operations_make("audio: [loudness: { integrated: -20, mode: dynamic, range: 5 }]", {"wide": -20}, None)["wide"]
        self.assertEqual(told["mode"], "dynamic")
        self.assertGreater(told["before"]["range"], 10)
        self.assertLess(told["after"]["range"], 7)

    def test_a_gain_is_a_gain(self):
        told = self.operations_make("audio: [loudness: { mode: gain, gain: -3 }]", {}, "linear")
        for each in told.values():
            self.assertAlmostEqual(each["after"]["integrated"], each["before"]["integrated"] - 3, delta=0.02)

    def test_presets(self):
        for preset, integrated in {"streaming": -14, "podcast": -16, "r128": -23, "a85": -24}.items():
            self.operations_make("audio: [loudness: { preset: %s }]" % preset, {"wide": integrated}, None)

    def operations_make(self, operations, wanted, mode):
        with facts.Project(["footage/*.wav"], self.exports, operations) as other:
            (other.folder / "footage").symlink_to(self.project.folder / "footage")
            events = [json.loads(line) for line in other.run("--json").stdout.splitlines()]
            told = {event["path"].rsplit("/", 1)[-1].rsplit("_", 1)[0]: event["loudness"] for event in events if event["event"] == "output_written"}
            for name, integrated in wanted.items():
                self.assertAlmostEqual(media.heard(other.output(name, "small", "mkv"))["integrated"], integrated, delta=0.1)
                if mode:
                    self.assertEqual(told[name]["mode"], mode)
            return told


class Asked(unittest.TestCase):
    """What a project may ask for."""

    def mistakes(self, audio):
        with facts.Project(["x.wav"], AAC, "audio: [%s]" % audio) as project:
            media.write(project.folder / "x.wav", media.both(media.tone(-20, 1)))
            done = project.call("plan")
            self.assertNotEqual(done.returncode, 0, done.stdout)
            return done.stderr

    def test_it_comes_last(self):
        self.assertIn("loudness must be the last of the sound operations", self.mistakes("loudness: {}, volume: { gain: 3 }"))

    def test_what_would_be_ignored_is_a_mistake(self):
        self.assertIn("preset r128 says", self.mistakes("loudness: { preset: r128, integrated: -20 }"))
        self.assertIn("'range' is changed by dynamic processing only", self.mistakes("loudness: { range: 7 }"))
        self.assertIn("'gain' counts with 'mode: gain' only", self.mistakes("loudness: { gain: 7 }"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
