# SPDX-License-Identifier: GPL-3.0-or-later
"""Sound of every kind arrives whole, in step and mixed as documented; operations on it are where they belong."""
import json
import subprocess
import unittest

import numpy

import _facts as facts
import av_offset
import make_media
import sound_media

RATE = sound_media.RATE
SMALL = "{ resolution: 96x64, preset: ultrafast, crf: 35, audio_bitrate: 256k }"


def decoded(path, channels=2, rate=RATE):
    """Samples as a player gives them, from the file's beginning."""
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:a:0", "-ac", str(channels), "-ar", str(rate), "-f",
                          "f32le", "-"], capture_output=True, check=True).stdout
    return numpy.frombuffer(raw, "<f4").reshape(-1, channels)


def late_by(heard, wanted, reach=4800):
    """By how many samples `heard` is later than `wanted`, between samples by a parabola."""
    size = 1 << int(numpy.ceil(numpy.log2(len(heard) + len(wanted))))
    match = numpy.fft.irfft(numpy.fft.rfft(heard, size) * numpy.conj(numpy.fft.rfft(wanted, size)))
    match = numpy.concatenate([match[-reach:], match[:reach + 1]])
    at = int(numpy.argmax(match))
    before, peak, after = match[at - 1], match[at], match[at + 1]
    return at - reach + 0.5 * (before - after) / (before - 2 * peak + after)


def sound_length(path):
    """Seconds of sound in a file, as its packets and edit list say."""
    return float(facts.stream_of(path, "a")["duration"])


def tone_levels(samples):
    """Amplitude of each of the tones of sound_media in one channel."""
    part = samples[RATE // 2:RATE // 2 + RATE]
    spectrum = numpy.abs(numpy.fft.rfft(part)) / (len(part) / 2)
    return {name: spectrum[frequency] for name, frequency in sound_media.TONES.items()}


class Made(unittest.TestCase):
    """One project over all clips of a class."""
    clips, exports, operations = [], {"small": SMALL}, ""

    @classmethod
    def setUpClass(cls):
        cls.paths = [sound_media.clip(name) for name in cls.clips]
        # Stems are names of outputs, and some clips differ in the ending only.
        cls.project = facts.Project(["footage/*"], cls.exports, cls.operations)
        cls.addClassCleanup(cls.project.__exit__)
        (cls.project.folder / "footage").mkdir()
        for path in cls.paths:
            (cls.project.folder / "footage" / (path.name.replace(".", "_") + path.suffix)).symlink_to(path)
        cls.done = cls.project.run()

    def output(self, name, export="small"):
        return self.project.output(name.replace(".", "_"), export)


class Alone(Made):
    """Sources without a picture, and the samples they have to arrive at."""
    clips = ["s16.wav", "s24.wav", "float_96k.wav", "u8_8k.wav", "192k.flac", "44k.flac", "aac.m4a", "aac_44k.mp4", "lame.mp3", "opus.ogg",
             "opus.webm", "vorbis.ogg", "alac.mov", "ac3.mka", "late.mov", "jitter.mka", "jumps.mka"]
    # What the format itself does not say to a sample: AC-3 has no priming, and Matroska counts milliseconds.
    inexact = {"ac3.mka": (256.5, 400), "jitter.mka": (1, 500), "jumps.mka": (1, 50), "opus.webm": (24, 50)}

    def test_every_sample_is_where_it_was(self):
        wanted = sound_media.signal()
        for name in self.clips:
            with self.subTest(name):
                path = self.output(name)
                heard = decoded(path)
                late, length = self.inexact.get(name, (0.5, 1))
                off, missing = late_by(heard.mean(axis=1), wanted), sound_length(path) * RATE - len(wanted)
                print("%-14s %+8.3f samples late, %+7.1f samples longer" % (name, off, missing))
                self.assertLessEqual(abs(off), late)
                self.assertLessEqual(abs(missing), length)
                level = numpy.abs(heard[round(0.4 * RATE):round(0.6 * RATE)]).max()
                self.assertAlmostEqual(level, 0.5, delta=0.06)

    def test_there_is_sound_and_nothing_else(self):
        for name in self.clips:
            streams = facts.probe(self.output(name), "-show_streams")["streams"]
            self.assertEqual([stream["codec_type"] for stream in streams], ["audio"], name)
            self.assertEqual(facts.decode_errors(self.output(name)), "", name)

    def test_the_plan_says_so(self):
        text = self.project.call("plan").stdout
        self.assertEqual(text.count("no picture: the exports hold its sound alone"), len(self.clips), text)
        self.assertIn("0 to run", text)
        notes = json.loads(self.project.call("plan", "--json").stdout)["notes"]
        self.assertEqual(len(notes), len(self.clips))

    def test_how_many_at_a_time_changes_nothing(self):
        other = facts.Project(["footage/*"], self.exports)
        self.addCleanup(other.__exit__)
        (other.folder / "footage").symlink_to(self.project.folder / "footage")
        other.run("--jobs", "1")
        self.assertEqual(other.outputs(), self.project.outputs())


class Mixed(Made):
    clips = ["back.wav", "side.wav", "side.mka"]
    CENTER = 0.7071
    WHOLE = 1 + 2 * CENTER

    def levels(self, name):
        heard = decoded(self.output(name))
        return tone_levels(heard[:, 0]), tone_levels(heard[:, 1])

    def wanted(self, surround):
        one, part = 0.25 / self.WHOLE, 0.25 * self.CENTER / self.WHOLE
        left = dict.fromkeys(sound_media.TONES, 0.0)
        right = dict(left)
        left.update({"FL": one, "FC": part, surround[0]: part})
        right.update({"FR": one, "FC": part, surround[1]: part})
        return left, right

    def test_both_kinds_of_surround_by_the_matrix(self):
        for name in self.clips:
            surround = ("BL", "BR") if name == "back.wav" else ("SL", "SR")
            # The tones of BL and SL are the same.
            for side, wanted in zip(self.levels(name), self.wanted(surround)):
                for channel in ("FL", "FR", "FC", "LFE", *surround):
                    with self.subTest(clip=name, channel=channel):
                        self.assertAlmostEqual(side[channel], wanted[channel], delta=0.003)

    def test_the_plan_shows_the_mix(self):
        text = self.project.call("plan").stdout
        self.assertIn("downmix 5.1 to stereo center=0.7071 surround=0.7071 lfe=0 normalize=true", text)
        self.assertIn("downmix 5.1(side) to stereo", text)


class MixedToMono(Made):
    clips = ["side.wav"]
    operations = "audio: [downmix: { to: mono, lfe: 0.5, surround: 0.25, normalize: false }]"

    def test_every_parameter_counts(self):
        self.assertEqual(facts.stream_of(self.output("side.wav"), "a")["channels"], 1)
        levels = tone_levels(decoded(self.output("side.wav"), 1)[:, 0])
        for channel, factor in {"FL": 0.7071, "FR": 0.7071, "FC": 1.0, "LFE": 0.7071, "SL": 0.1768, "SR": 0.1768}.items():
            self.assertAlmostEqual(levels[channel], 0.25 * factor, delta=0.005, msg=channel)


class Changing(Made):
    """Parameters that change on the way."""
    clips = ["layout_changes.ts", "rate_changes.ts"]

    def test_both_halves_are_in_step(self):
        wanted = sound_media.signal()
        for name, level in (("layout_changes.ts", 1 / (1 + 2 * 0.7071)), ("rate_changes.ts", 1.0)):
            half = round(sound_media.CHANGES[name] * RATE)
            heard = decoded(self.output(name)).mean(axis=1)
            first, second = late_by(heard[:half], wanted), late_by(heard[half:], wanted)
            print("%-18s first half %+.2f, second %+.2f samples late" % (name, first, second))
            # The first half's stamps begin at 0 although its encoder delays what it is given; those of the second allow for that.
            self.assertLessEqual(abs(first - {"layout_changes.ts": 256, "rate_changes.ts": 481}[name]), 1, name)
            self.assertLessEqual(abs(second), 24, name)
            peak = numpy.abs(heard[half + round(0.4 * RATE):half + round(0.6 * RATE)]).max()
            self.assertAlmostEqual(peak, 0.5 * level, delta=0.04, msg=name)

    def test_it_is_told(self):
        self.assertEqual(self.done.stdout.count("change 1 times"), 2, self.done.stdout)


class Gaps(Made):
    clips = ["gap_30ms.mkv", "gap_2s.mkv", "gap_61s.mkv"]

    def test_gaps_become_silence(self):
        signal = sound_media.signal()
        for name, seconds in (("gap_30ms.mkv", 0.03), ("gap_2s.mkv", 2), ("gap_61s.mkv", 0)):
            heard = decoded(self.output(name)).mean(axis=1)
            after = numpy.zeros(len(signal))
            after[RATE:] = signal[RATE:]
            shift = round(seconds * RATE)
            with self.subTest(name):
                self.assertLessEqual(abs(late_by(heard[:RATE], signal[:RATE])), 0.5)
                self.assertLessEqual(abs(late_by(heard[shift:shift + len(after)], after)), 48)
                if seconds > 1:
                    self.assertLess(numpy.abs(heard[round(1.05 * RATE):round(2.9 * RATE)]).max(), 0.001)

    def test_they_are_told(self):
        self.assertIn("96000 samples of silence put in", self.done.stdout)
        self.assertIn("clock jumps by a minute or more 1 times", self.done.stdout)


class Tracks(Made):
    clips = ["two_languages.mkv", "first_undecodable.mp4", "only_undecodable.mp4"]

    def loudest(self, name):
        levels = tone_levels(decoded(self.output(name))[:, 0])
        return max(levels, key=levels.get)

    def test_the_first_that_can_be_decoded(self):
        self.assertEqual(self.loudest("two_languages.mkv"), "FL")
        self.assertEqual(self.loudest("first_undecodable.mp4"), "FC")
        self.assertIsNone(facts.stream_of(self.output("only_undecodable.mp4"), "a"))

    def test_what_is_not_used_is_told(self):
        plan = self.project.call("plan").stdout
        self.assertIn("not used: stream 2 (flac", plan)
        self.assertIn("which cannot be decoded", plan)
        self.assertIn("no sound: stream 1", plan)
        self.assertIn("no sound: stream 1", self.done.stdout)

    def test_a_language_is_chosen(self):
        project = facts.Project([sound_media.clip("two_languages.mkv")], self.exports, "normalize: { language: en }")
        self.addCleanup(project.__exit__)
        project.run()
        levels = tone_levels(decoded(project.output("two_languages.mkv", "small"))[:, 0])
        self.assertEqual(max(levels, key=levels.get), "FC")
        project.write([sound_media.clip("two_languages.mkv")], self.exports, "normalize: { language: English }")
        done = project.call("run")
        self.assertEqual(done.returncode, 65)
        self.assertIn("reelmill.yaml:5:24: 'language' must be a language such as en", done.stderr)


class InStep(Made):
    """With a picture, whatever the sound is packed in: measured against the source as ffmpeg reads it."""
    clips = ["flash_opus.mkv", "flash_aac.mkv", "flash_mp3.avi", "flash_float.mov"]

    def test_sound_and_picture_stay_together(self):
        for path in self.paths:
            offsets = []
            for film in (path, self.output(path.name)):
                seen, heard = av_offset.flashes(film), av_offset.chirps(film)
                self.assertEqual((len(seen), len(heard)), (len(make_media.FLASHES),) * 2, film)
                offsets.append(numpy.array(heard) - numpy.array(seen))
            change = 1000 * (offsets[1] - offsets[0])
            print("%-16s %+.3f ms, worst %.3f" % (path.name, change.mean(), numpy.abs(change).max()))
            with self.subTest(path.name):
                self.assertLessEqual(numpy.abs(change).max(), 1.0, change)


class Operations(unittest.TestCase):
    def test_a_fade_ends_with_the_sound(self):
        with facts.Project([sound_media.clip("side.wav")], {"small": SMALL}, "audio: [fade: { in: 500 ms, out: 1 s }]") as project:
            project.run()
            left = decoded(project.output("side.wav", "small"))[:, 0]

            def level(at):
                return numpy.sqrt((left[round((at - 0.05) * RATE):round((at + 0.05) * RATE)] ** 2).mean())
            self.assertAlmostEqual(level(0.25) / level(1.5), 0.5, delta=0.03)
            self.assertAlmostEqual(level(2.5) / level(1.5), 0.5, delta=0.03)
            self.assertLess(numpy.abs(left[-20:]).max(), 0.01)

    def test_the_sound_stays_with_the_picture(self):
        clip = make_media.clip("flash_plain.mov")
        operations = ("audio: [volume: { gain: -3 dB }, equalizer: { frequency: 2 kHz, gain: 4 dB }, denoise, gate: { threshold: -80 dB }, "
                      "compressor, de_esser, fade: { in: 0.2, out: 0.2 }]")
        with facts.Project([clip], {"small": SMALL}, operations) as project:
            project.run()
            before = numpy.array(av_offset.chirps(clip)) - numpy.array(av_offset.flashes(clip))
            path = project.output(clip, "small")
            after = numpy.array(av_offset.chirps(path)) - numpy.array(av_offset.flashes(path))
            change = 1000 * (after - before)
            print("all operations %+.3f ms, worst %.3f" % (change.mean(), numpy.abs(change).max()))
            self.assertLessEqual(numpy.abs(change).max(), 1.0, change)


class OneBadSource(unittest.TestCase):
    def test_the_others_are_finished(self):
        with facts.Project(["footage/*"], {"small": SMALL}) as project:
            footage = project.folder / "footage"
            footage.mkdir()
            for name in ("good_1.wav", "good_2.wav", "bad_1.wav", "bad_2.wav"):
                (footage / name).write_bytes(sound_media.clip("s16.wav").read_bytes())
            project.run()
            whole = json.loads((project.folder / "03_delivered/manifest.json").read_text())
            made = project.outputs()
            (footage / "bad_1.wav").write_bytes(b"\0" * 4096)
            (footage / "good_2.wav").write_bytes(sound_media.clip("s24.wav").read_bytes())
            done = project.call("run")
            self.assertEqual(done.returncode, 66, done.stderr)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
            self.assertIn("bad_1.wav", done.stderr)
            self.assertIn("the other 3 sources are finished", done.stderr)
            now = project.outputs()
            good = "03_delivered/small/good_2_small.mp4"
            self.assertNotEqual(now[good], made[good])
            manifest = json.loads((project.folder / "03_delivered/manifest.json").read_text())
            self.assertEqual([entry["path"] for entry in manifest["files"]], [entry["path"] for entry in whole["files"]])
            for entry in manifest["files"]:
                self.assertEqual(entry["sha256"], now[entry["path"]])
            (footage / "bad_2.wav").write_text("no sound\n")
            done = project.call("run")
            self.assertEqual(done.returncode, 66, done.stderr)
            self.assertIn("2 of 4 sources failed, the others are finished", done.stderr)
            for name in ("bad_1.wav: ", "bad_2.wav: "):
                self.assertEqual(done.stderr.count("\n  " + name), 1, done.stderr)
            said = [json.loads(line) for line in project.call("run", "--json").stdout.splitlines()]
            self.assertEqual({event["source"] for event in said if event["event"] == "source_failed"}, {"bad_1.wav", "bad_2.wav"})


if __name__ == "__main__":
    unittest.main()
