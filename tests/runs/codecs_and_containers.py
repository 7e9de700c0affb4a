# SPDX-License-Identifier: GPL-3.0-or-later
"""Every codec in every container that takes it: the right pictures in order, sound where it was, the same bytes for any jobs."""
import os
import subprocess
import tempfile
import unittest

import numpy

import _facts as facts
import av_offset
import make_media
import share

WIDTH, HEIGHT = 256, 144
FRAMES, RATE = 270, 30
FAST = "speed: ultrafast, crf: %d"
# By codec: what the project says, and what ffprobe is to say.
PICTURES = {
    "h264": ("codec: h264, " + FAST % 26, "h264", "yuv420p", "Constrained Baseline"),
    "h265": ("codec: h265, " + FAST % 26, "hevc", "yuv420p", "Main"),
    "av1": ("codec: av1, " + FAST % 36, "av1", "yuv420p", "Main"),
    "vp9": ("codec: vp9, speed: veryfast, crf: 36", "vp9", "yuv420p", "Profile 0"),
    "prores": ("codec: prores, profile: lt", "prores", "yuv422p10le", "LT"),
    "dnxhr": ("codec: dnxhr, profile: lb", "dnxhd", "yuv422p", "DNXHR LB"),
    "ffv1": ("codec: ffv1", "ffv1", "yuv420p", None),
}
CONTAINERS = {
    "mp4": (("h264", "h265", "av1", "vp9"), ("aac", "opus", "flac")),
    "mov": (("h264", "h265", "prores", "dnxhr"), ("aac", "pcm_s24le", "pcm_s16le")),
    "mkv": (("h264", "h265", "av1", "vp9", "prores", "ffv1"), ("aac", "opus", "flac", "pcm_s24le", "pcm_s16le")),
    "webm": (("vp9", "av1"), ("opus",)),
    "mxf": (("dnxhr", "prores"), ("pcm_s24le", "pcm_s16le")),
}
INTRA = ("prores", "dnxhr", "ffv1")
CEILING = 100_000


def films():
    """Export's name → container, codec, sound; sounds take turns, so that each stands beside some picture."""
    for container, (pictures, sounds) in CONTAINERS.items():
        for at, codec in enumerate(pictures):
            yield "%s_%s" % (container, codec), container, codec, sounds[at % len(sounds)]


def exports():
    made = {name: "{ resolution: %dx%d, fit: stretch, container: %s, audio_codec: %s, %s }" % (
        WIDTH, HEIGHT, container, sound, PICTURES[codec][0]) for name, container, codec, sound in films()}
    for codec in ("h265", "av1", "vp9"):
        made["tight_" + codec] = "{ resolution: %dx%d, fit: stretch, container: mkv, codec: %s, speed: ultrafast, crf: 20, bitrate: 100k, " \
                                 "audio: none }" % (WIDTH, HEIGHT, codec)
    made["exact"] = "{ resolution: %dx%d, container: mkv, codec: ffv1, audio_codec: flac }" % (make_media.WIDTH, make_media.HEIGHT)
    made["exact_pcm"] = "{ resolution: %dx%d, container: mkv, codec: ffv1, audio_codec: pcm }" % (make_media.WIDTH, make_media.HEIGHT)
    return made


def hashes(path, *arguments):
    return subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), *arguments, "-f", "framemd5", "-"], capture_output=True,
                          text=True, check=True).stdout.split("\n")


class Pictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clip = make_media.clip("cfr30.mp4")
        cls.projects = []
        for rubbish, setting in (("0", ("--jobs", 1, "--batch", 1)), ("85", ("--jobs", 3, "--batch", 100))):
            project = facts.Project([cls.clip], exports())
            cls.addClassCleanup(project.__exit__)
            os.environ["MALLOC_PERTURB_"] = rubbish
            project.run(*setting)
            del os.environ["MALLOC_PERTURB_"]
            cls.projects.append(project)

    def each(self):
        for name, container, codec, sound in films():
            yield self.projects[0].output(self.clip, name, container), container, codec, sound

    def test_jobs_batches_and_old_memory_do_not_change_a_byte(self):
        first, second = [project.outputs() for project in self.projects]
        self.assertEqual(len(first), 2 * len(exports()) + 1)
        self.assertEqual([path for path in first if first[path] != second.get(path)], [])

    def test_ffprobe_agrees(self):
        for path, container, codec, sound in self.each():
            with self.subTest(path.name):
                _, name, pixels, profile = PICTURES[codec]
                stream = facts.stream_of(path)
                found = {key: stream.get(key) for key in ("codec_name", "pix_fmt", "width", "height", "r_frame_rate", "sample_aspect_ratio")}
                self.assertEqual(found, {"codec_name": name, "pix_fmt": pixels, "width": WIDTH, "height": HEIGHT, "r_frame_rate": "30/1",
                                         "sample_aspect_ratio": "1:1"})
                if profile:
                    self.assertEqual(stream["profile"], profile)
                if container in ("mp4", "mov") and codec == "h265":
                    self.assertEqual(stream["codec_tag_string"], "hvc1")
                heard = facts.stream_of(path, "a")
                self.assertEqual((heard["codec_name"], heard["sample_rate"], heard["channels"]), (sound, "48000", 2))
                duration = float(facts.probe(path, "-show_format")["format"]["duration"])
                self.assertLess(abs(duration - FRAMES / RATE), 0.07)

    def test_colours_are_told(self):
        for path, container, codec, _ in self.each():
            with self.subTest(path.name):
                stream = facts.stream_of(path)
                # Two names of one matrix; DNxHR has but one flag for both.
                self.assertIn(stream.get("color_space"), ("smpte170m", "bt470bg") if codec == "dnxhr" else ("smpte170m",))
                self.assertEqual(stream.get("color_range", "tv"), "tv")
                if container in ("mp4", "mov"):
                    self.assertTrue(facts.moov_has(path, "colr"))

    def test_what_players_need_first_is_first(self):
        for path, container, _, _ in self.each():
            with self.subTest(path.name):
                if container in ("mp4", "mov"):
                    boxes = facts.top_boxes(path)
                    self.assertLess(boxes.index("moov"), boxes.index("mdat"))
                if container in ("mkv", "webm"):
                    data = path.read_bytes()
                    self.assertLess(data.rindex(bytes.fromhex("1c53bb6b"), 0, data.index(bytes.fromhex("1f43b675"))), len(data) // 10)

    def test_every_picture_once_and_in_order(self):
        source = list(make_media.read_numbers(facts.pictures(self.clip, make_media.WIDTH, make_media.HEIGHT)))
        self.assertEqual(len(source), FRAMES)
        for path, *_ in self.each():
            with self.subTest(path.name):
                self.assertEqual(facts.decode_errors(path), "")
                self.assertEqual(len(facts.packets_of(path)), FRAMES)
                self.assertEqual(list(make_media.read_numbers(facts.pictures(path, make_media.WIDTH, make_media.HEIGHT))), source)

    def test_groups_of_pictures_are_short(self):
        for path, _, codec, _ in self.each():
            with self.subTest(path.name):
                packets = facts.packets_of(path)
                keys = [at for at, packet in enumerate(packets) if packet["flags"].startswith("K")]
                self.assertEqual(keys[0], 0)
                self.assertLessEqual(max(b - a for a, b in zip(keys, [*keys[1:], len(packets)])), 1 if codec in INTRA else 3 * RATE)

    def test_seeking_finds_the_picture(self):
        for path, *_ in self.each():
            with self.subTest(path.name):
                late = float(facts.stream_of(path)["start_time"]) - float(facts.probe(path, "-show_format")["format"]["start_time"])
                for wanted in (31, 130, 233):
                    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-ss", "%.4f" % ((wanted - 0.5) / RATE + late), "-i", str(path),
                                          "-map", "0:v:0", "-frames:v", "1", "-vf", "scale=%d:%d" % (make_media.WIDTH, make_media.HEIGHT),
                                          "-pix_fmt", "gray", "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
                    picture = numpy.frombuffer(raw, numpy.uint8).reshape(-1, make_media.HEIGHT, make_media.WIDTH)
                    self.assertEqual(list(make_media.read_numbers(picture)), [wanted])

    def test_ceilings_hold(self):
        for codec in ("h265", "av1", "vp9"):
            with self.subTest(codec):
                path = self.projects[0].output(self.clip, "tight_" + codec, "mkv")
                sizes = [int(packet["size"]) for packet in facts.packets_of(path)]
                mean = 8 * sum(sizes) * RATE / len(sizes)
                print("%-5s %6.0f bit/s under %d" % (codec, mean, CEILING))
                self.assertLessEqual(mean, CEILING)
                self.assertGreater(mean, CEILING / 4, "far below: bits are wasted")
                self.assertEqual(share.worst_fill(sizes, RATE, CEILING), 0)
                self.assertIsNone(facts.stream_of(path, "a"), "audio: none")

    def test_lossless_is_lossless(self):
        flac, pcm = [self.projects[0].output(self.clip, name, "mkv") for name in ("exact", "exact_pcm")]
        hash_of = lambda path: [line.split(",")[-1] for line in hashes(path, "-map", "0:v") if line and line[0] != "#"]
        self.assertEqual(hash_of(flac), hash_of(self.clip))
        sound = [subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:a", "-f", "s32le", "-"], capture_output=True,
                                check=True).stdout for path in (flac, pcm)]
        self.assertGreater(len(sound[0]), 8 * 48000 * 8)
        self.assertEqual(sound[0], sound[1])

    def test_there_are_seams(self):
        plan = self.projects[0].call("plan").stdout
        self.assertRegex(plan, r"\b([2-9]|1\d) chunks")


class Few(unittest.TestCase):
    """Encoders that look ahead, and muxes with a reorder delay, have next to nothing to work on."""

    def test_films_of_one_and_two_pictures(self):
        clips = {make_media.clip("one_frame.mp4"): 1, make_media.clip("two_frames.mp4"): 2}
        wanted = {name: (codec, container) for name, container, codec, _ in films()}
        wanted["h265_plain"] = ("h265", "mp4")
        made = {name: line for name, line in exports().items() if name in wanted}
        made["h265_plain"] = "{ resolution: %dx%d, codec: h265, speed: ultrafast, edit_lists: none }" % (WIDTH, HEIGHT)
        with facts.Project(list(clips), made) as project:
            project.run()
            for clip, frames in clips.items():
                for name, (codec, container) in wanted.items():
                    with self.subTest(name=name, frames=frames):
                        path = project.output(clip, name, container)
                        self.assertEqual(facts.decode_errors(path), "")
                        self.assertEqual(len(facts.packets_of(path)), frames)
                        self.assertEqual(facts.stream_of(path)["codec_name"], PICTURES[codec][1])


class Offset(unittest.TestCase):
    """Sound and picture meet in every container and with every codec of sound."""

    @classmethod
    def setUpClass(cls):
        picture = {"webm": "codec: vp9, speed: ultrafast, crf: 40", "mxf": "codec: dnxhr, profile: lb"}
        cls.films = [(container, sound) for container, (_, sounds) in CONTAINERS.items() for sound in sounds]
        cls.clip = make_media.clip("flash_plain.mov")
        cls.project = facts.Project([cls.clip], {
            "%s_%s" % (container, sound): "{ resolution: 256x144, container: %s, audio_codec: %s, %s }" % (
                container, sound, picture.get(container, "speed: superfast, crf: 34")) for container, sound in cls.films})
        cls.addClassCleanup(cls.project.__exit__)
        cls.project.run()

    def test_offset_is_that_of_the_source(self):
        before = numpy.array(av_offset.chirps(self.clip)) - numpy.array(av_offset.flashes(self.clip))
        for container, sound in self.films:
            with self.subTest(container=container, sound=sound):
                path = self.project.output(self.clip, "%s_%s" % (container, sound), container)
                heard, seen = av_offset.chirps(path), av_offset.flashes(path)
                self.assertEqual((len(seen), len(heard)), (len(make_media.FLASHES),) * 2)
                change = 1000 * (numpy.array(heard) - numpy.array(seen) - before)
                print("%-5s %-10s %+.3f ms, worst %.3f" % (container, sound, change.mean(), numpy.abs(change).max()))
                self.assertLessEqual(numpy.abs(change).max(), 1.0)


class EndOfSound(unittest.TestCase):
    def test_a_few_samples_in_the_last_packet(self):
        """In a clock of milliseconds an edit list would end before them."""
        for samples in (4112, 9232):
            with self.subTest(samples), tempfile.TemporaryDirectory() as folder:
                clip = os.path.join(folder, "short.mov")
                subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x96:rate=25:duration=0.24", "-f", "lavfi",
                                "-i", "sine=sample_rate=48000:duration=1", "-af", "atrim=end_sample=%d" % samples, "-c:v", "mjpeg",
                                "-c:a", "pcm_s16le", clip], check=True)
                with facts.Project([clip], {"small": "{ resolution: 160x96, preset: ultrafast, fps: 25 }"}) as project:
                    project.run()
                    made, = project.folder.glob("02_output/final/*.mp4")
                    packets = facts.packets_of(made, "a")
                    self.assertEqual(int(packets[-1]["pts"]) + int(packets[-1]["duration"]), samples)


if __name__ == "__main__":
    unittest.main()
