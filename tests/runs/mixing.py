# SPDX-License-Identifier: GPL-3.0-or-later
"""A bed lies where it was laid, to the sample; makes room for speech; and a dead channel is put right."""
import shutil
import subprocess
import tempfile
import unittest

import numpy

import _facts as facts
import loudness_media as media

RATE = 48000
LOSSLESS = "{ resolution: 96x64, container: flac, audio_codec: flac }"
STEP = 2 ** -15  # FLAC holds 16 bits


def decoded(path, channels=2):
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:a:0", "-f", "f32le", "-"], capture_output=True,
                         check=True).stdout
    return numpy.frombuffer(raw, "<f4").reshape(-1, channels)


def level(samples):
    return 10 * numpy.log10(max(numpy.mean(numpy.square(samples)), 1e-20))


class Mixing(unittest.TestCase):
    def project(self, main, operations, beds=(), export=LOSSLESS):
        project = facts.Project(["film.wav"], {"x": export}, "normalize: { sample_rate: source }\n" + operations)
        self.addCleanup(project.__exit__)
        media.write(project.folder / "film.wav", main, RATE)
        for name, samples in beds:
            media.write(project.folder / name, samples, RATE)
        return project

    def mixed(self, main, operations, beds=(), channels=2, arguments=()):
        project = self.project(main, operations, beds)
        project.run(*arguments)
        return decoded(project.output("film", "x", "flac"), channels)


class Beds(Mixing):
    bed = media.both(media.noise(-30, 0.7, RATE, 1), media.noise(-30, 0.7, RATE, 2))
    silence = numpy.zeros((3 * RATE, 2))

    def test_it_begins_anew_without_a_gap(self):
        heard = self.mixed(self.silence, "audio: [mix: { file: bed.wav, gain: 0, fade_out: 0 }]", [("bed.wav", self.bed)])
        wanted = numpy.resize(self.bed, self.silence.shape)
        self.assertEqual(heard.shape, wanted.shape)
        self.assertLess(numpy.abs(heard - wanted).max(), 1.01 * STEP)

    def test_from_and_to_are_places_of_the_film(self):
        heard = self.mixed(self.silence, "audio: [mix: { file: bed.wav, gain: -6, from: 0.5 s, to: 1.7 s, fade_out: 0 }]", [("bed.wav", self.bed)])
        wanted = numpy.zeros_like(self.silence)
        wanted[24000:81600] = numpy.resize(self.bed, (57600, 2)) * 10 ** (-6 / 20)
        self.assertLess(numpy.abs(heard - wanted).max(), 1.01 * STEP)

    def test_without_a_loop_it_ends_and_its_fade_with_it(self):
        heard = self.mixed(self.silence, "audio: [mix: { file: bed.wav, gain: 0, loop: false, from: 1 s, fade_in: 0.2 s, fade_out: 0.1 s }]",
                           [("bed.wav", self.bed)])
        count = len(self.bed)
        place = numpy.arange(count)
        fade = numpy.minimum(1, place / 9600) * numpy.minimum(1, (count - place) / 4800)
        wanted = numpy.zeros_like(self.silence)
        wanted[RATE:RATE + count] = self.bed * fade[:, None]
        self.assertLess(numpy.abs(heard - wanted).max(), 1.01 * STEP)

    def test_a_part_of_the_film_has_that_part_of_the_bed(self):
        operations = "audio: [mix: { file: bed.wav, gain: 0, from: 0.5 s, to: 2.5 s, fade_in: 1 s, fade_out: 1 s }]"
        whole = self.mixed(self.silence, operations, [("bed.wav", self.bed)])
        project = self.project(self.silence, operations, [("bed.wav", self.bed)])
        project.run("--from", "1", "--to", "2")
        part = decoded(next((project.folder / "02_output").rglob("*.flac")))
        self.assertEqual(len(part), RATE)
        self.assertLess(numpy.abs(part - whole[RATE:2 * RATE]).max(), 1.01 * STEP)

    def test_a_part_before_the_end_does_not_end(self):
        operations = "audio: [fade: { in: 1 s, out: 1 s }, mix: { file: bed.wav, gain: 0, fade_out: 1 s }]"
        main = media.both(media.tone(-20, 3, hertz=500.0))
        whole = self.mixed(main, operations, [("bed.wav", self.bed)])
        self.assertLess(level(whole[-2400:]), level(whole[2 * RATE - 2400:2 * RATE]) - 15)
        project = self.project(main, operations, [("bed.wav", self.bed)])
        project.run("--from", "1", "--to", "2")
        part = decoded(next((project.folder / "02_output").rglob("*.flac")))
        self.assertLess(numpy.abs(part - whole[RATE:2 * RATE]).max(), 1.01 * STEP)

    def test_an_end_behind_the_films_is_the_films(self):
        for loop in ("true", "false"):
            operations = "audio: [mix: { file: bed.wav, gain: 0, to: 9 s, fade_out: 1 s, loop: %s }]" % loop
            heard = self.mixed(self.silence, operations, [("bed.wav", numpy.resize(self.bed, (5 * RATE, 2)))])
            self.assertLess(level(heard[-2400:]), level(heard[RATE:2 * RATE]) - 20)

    def test_a_damaged_one_is_told(self):
        project = self.project(self.silence, "audio: [mix: { file: bed.flac }]", [("bed.wav", numpy.resize(self.bed, (30 * RATE, 2)))])
        bed = project.folder / "bed.flac"
        subprocess.run(["ffmpeg", "-v", "error", "-i", project.folder / "bed.wav", bed], check=True)
        data = bytearray(bed.read_bytes())
        begin = len(data) // 60
        data[begin:begin + 60_000] = bytes(60_000)
        bed.write_bytes(data)
        said = project.run()
        self.assertIn("bed.flac: ", said.stdout + said.stderr)

    def test_an_output_never_replaces_it(self):
        project = self.project(self.silence, "deliver: '{name}_{platform}.{ext}'\naudio: [mix: { file: film_x.flac }]", [("bed.wav", self.bed)])
        (project.folder / "bed.wav").rename(project.folder / "film_x.flac")
        before = (project.folder / "film_x.flac").read_bytes()
        done = project.call("run")
        self.assertEqual(done.returncode, 65, done.stderr)
        self.assertIn("would overwrite the file of 'mix'", done.stderr)
        self.assertEqual((project.folder / "film_x.flac").read_bytes(), before)

    def test_it_goes_on_when_the_films_sound_is_over(self):
        project = facts.Project(["film.mkv"], {"x": "{ resolution: 96x64, codec: ffv1, container: mkv, audio_codec: flac }"},
                                "normalize: { sample_rate: source }\naudio: [mix: { file: bed.wav, gain: 0, fade_out: 0 }]")
        self.addCleanup(project.__exit__)
        media.write(project.folder / "short.wav", self.silence[:RATE], RATE)
        media.write(project.folder / "bed.wav", self.bed, RATE)
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=96x64:r=30:d=3", "-i", project.folder / "short.wav", "-c:v", "ffv1",
                        "-c:a", "flac", project.folder / "film.mkv"], check=True)
        project.run()
        heard = decoded(project.output("film", "x", "mkv"))
        wanted = numpy.resize(self.bed, (3 * RATE, 2))
        self.assertEqual(len(heard), len(wanted))
        self.assertLess(numpy.abs(heard - wanted).max(), 1.01 * STEP)

    def test_a_late_part_may_need_much_of_the_bed(self):
        project = self.project(numpy.zeros((245 * RATE, 1)), "audio: [mix: { file: bed.wav }]", [("bed.wav", numpy.resize(self.bed, (240 * RATE, 2)))])
        project.run("--from", "230", "--to", "239")

    def test_what_stands_before_it_does_not_touch_it(self):
        low = media.both(media.tone(-20, 1, hertz=60.0))
        before = self.mixed(self.silence, "audio: [highpass: 2000 Hz, mix: { file: bed.wav, gain: 0, fade_out: 0 }]".replace(
            "highpass: 2000 Hz", "highpass: { frequency: 2000 Hz }"), [("bed.wav", low)])
        after = self.mixed(self.silence, "audio: [mix: { file: bed.wav, gain: 0, fade_out: 0 }, highpass: { frequency: 2000 Hz }]", [("bed.wav", low)])
        self.assertAlmostEqual(level(before[RATE:2 * RATE]), level(low), delta=0.1)
        self.assertLess(level(after[RATE:2 * RATE]), level(low) - 40)

    def test_two_beds(self):
        heard = self.mixed(self.silence, "audio: [mix: { file: a.wav, gain: 0, fade_out: 0, duck: 0 }, mix: { file: b.wav, gain: 0, fade_out: 0, duck: 0 }]",
                           [("a.wav", self.bed), ("b.wav", self.bed[:20000])])
        wanted = numpy.resize(self.bed, self.silence.shape) + numpy.resize(self.bed[:20000], self.silence.shape)
        self.assertLess(numpy.abs(heard - wanted).max(), 1.01 * STEP)

    def test_how_many_at_a_time_changes_nothing(self):
        operations = "audio: [denoise, mix: { file: bed.wav }, loudness]"
        projects = [self.project(numpy.resize(self.bed, self.silence.shape), operations, [("bed.wav", self.bed)]) for _ in range(2)]
        projects[0].run("--jobs", "1")
        projects[1].run("--jobs", "3")
        self.assertEqual(projects[0].outputs(), projects[1].outputs())

    def test_another_bed_makes_another_sound_and_the_same_none(self):
        project = self.project(self.silence, "audio: [mix: { file: bed.wav }]", [("bed.wav", self.bed)])
        project.run()
        first = project.outputs()
        self.assertNotIn("stage_started", project.run("--json").stdout)
        media.write(project.folder / "bed.wav", 0.5 * self.bed, RATE)
        self.assertIn("stage_started", project.run("--json").stdout)
        self.assertNotEqual(project.outputs(), first)


class Ducking(Mixing):
    """Two seconds of real speech after two of silence, over an even bed."""
    speech = media.voice("demo-congrats", 1, 2, RATE)
    main = media.both(numpy.concatenate([numpy.zeros(2 * RATE), 0.5 * speech / numpy.abs(speech).max(), numpy.zeros(3 * RATE)]))
    bed = media.both(media.tone(-20, 7, hertz=60.0))

    def bed_alone(self, operations):
        """What was added to the film's sound."""
        return self.mixed(self.main, operations, [("bed.wav", self.bed)]) - self.main

    def test_it_makes_room_and_comes_back(self):
        added = self.bed_alone("audio: [mix: { file: bed.wav, gain: -3, duck: 12, fade_out: 0 }]")
        full = level(self.bed) - 3
        between = lambda begin, end: level(added[round(begin * RATE):round(end * RATE)])
        begins = int(numpy.flatnonzero(numpy.abs(self.main[:, 0]) > 0.05)[0]) / RATE
        ends = int(numpy.flatnonzero(numpy.abs(self.main[:, 0]) > 0.05)[-1]) / RATE
        self.assertAlmostEqual(between(0.5, begins - 0.5), full, delta=0.1)
        self.assertAlmostEqual(between(begins, ends), full - 12, delta=0.5)
        # It is down before the first word, and nothing jumps.
        self.assertAlmostEqual(between(begins - 0.04, begins), full - 12, delta=0.5)
        self.assertAlmostEqual(between(ends + 1, ends + 2), full, delta=0.1)
        self.assertLess(numpy.abs(numpy.diff(added[:, 0])).max(), 0.0015)

    def test_without_ducking_it_stays(self):
        added = self.bed_alone("audio: [mix: { file: bed.wav, gain: -3, duck: 0, fade_out: 0 }]")
        self.assertLess(numpy.abs(added - self.bed * 10 ** (-3 / 20)).max(), 2 * STEP)


class Mistakes(Mixing):
    def refused(self, operations, code, *texts, beds=()):
        project = self.project(numpy.zeros((RATE, 2)), operations, beds)
        done = project.call("run")
        self.assertEqual(done.returncode, code, done.stderr)
        for text in texts:
            self.assertIn(text, done.stderr)
        self.assertFalse(project.outputs())

    def test_a_file_that_is_not_there(self):
        self.refused("audio: [mix: { file: bde.wav }]", 65, "bde.wav")

    def test_a_file_without_sound(self):
        project = self.project(numpy.zeros((RATE, 2)), "audio: [mix: { file: picture.mkv }]")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=1", "-c:v", "ffv1", str(project.folder / "picture.mkv")],
                       check=True)
        done = project.call("run")
        self.assertEqual(done.returncode, 66, done.stderr)
        self.assertIn("picture.mkv: it has no sound", done.stderr)
        self.assertFalse(project.outputs())

    def test_times_that_do_not_go_together(self):
        self.refused("audio: [mix: { file: bed.wav, from: 2 s, to: 1 s }]", 65, "'to' is not after 'from'", beds=[("bed.wav", numpy.zeros((RATE, 2)))])

    def test_a_repair_comes_first(self):
        self.refused("audio: [volume: { gain: 3 }, repair_channels]", 65, "must come before")

    def test_a_silent_film_says_so(self):
        with facts.Project(["silent.mp4"], {"x": "{ resolution: 96x64, preset: ultrafast }"}, "audio: [mix: { file: bed.wav }]") as project:
            shutil.copy(self.silent_film(), project.folder / "silent.mp4")
            media.write(project.folder / "bed.wav", numpy.zeros((RATE, 2)), RATE)
            self.assertIn("no sound that anything could be mixed with", project.run().stderr + project.call("plan").stdout)

    def silent_film(self):
        folder = tempfile.mkdtemp(prefix="reelmill-test-")
        self.addCleanup(shutil.rmtree, folder)
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=1", "-pix_fmt", "yuv420p", folder + "/silent.mp4"],
                       check=True)
        return folder + "/silent.mp4"


class DeadChannels(Mixing):
    voice = media.voice("demo-congrats", 1, 3, RATE)

    def repaired(self, main, take, export_channels="stereo"):
        operations = "audio: [repair_channels%s, downmix: { to: %s }]" % (": { take: %s }" % take if take else "", export_channels)
        project = self.project(main, operations)
        done = project.run()
        return decoded(project.output("film", "x", "flac"), 1 if export_channels == "mono" else 2), done.stdout + done.stderr

    def test_the_living_one_is_heard_on_both_sides(self):
        hum = 0.0002 * numpy.sin(2 * numpy.pi * 50 * numpy.arange(len(self.voice)) / RATE)
        for main, living in ((media.both(hum, self.voice), "right"), (media.both(self.voice, hum), "left")):
            heard, said = self.repaired(main, "")
            for side in (0, 1):
                self.assertLess(numpy.abs(heard[:, side] - self.voice).max(), 1.01 * STEP)
            self.assertIn("channel is dead", said)
            self.assertIn("the %s one is taken for both" % living, said)

    def test_in_mono_it_is_as_loud_as_it_was(self):
        heard, _ = self.repaired(media.both(0 * self.voice, self.voice), "auto", "mono")
        self.assertLess(numpy.abs(heard[:, 0] - self.voice).max(), 1.01 * STEP)

    def test_what_lives_on_both_sides_is_left_alone(self):
        main = media.both(self.voice, 0.05 * numpy.roll(self.voice, 100))
        heard, said = self.repaired(main, "auto")
        self.assertLess(numpy.abs(heard - main).max(), 1.01 * STEP)
        self.assertNotIn("dead", said)

    def test_a_side_that_is_asked_for_is_taken(self):
        heard, _ = self.repaired(media.both(self.voice, -0.5 * self.voice), "right")
        for side in (0, 1):
            self.assertLess(numpy.abs(heard[:, side] + 0.5 * self.voice).max(), 1.01 * STEP)

    def test_silence_has_no_dead_channel(self):
        _, said = self.repaired(numpy.zeros((RATE, 2)), "auto")
        self.assertNotIn("dead", said)


if __name__ == "__main__":
    facts.main()
