# SPDX-License-Identifier: GPL-3.0-or-later
"""Every clip gives the same bytes for any number of jobs and any size of batch, and files that are as their export says."""
import unittest

import _facts as facts
import make_media

EXPORTS = {
    "small": "{ resolution: 160x90, preset: ultrafast, crf: 28 }",
    "narrow": "{ resolution: 90x160, preset: superfast, profile: main, crf: 28, fps: 29.97, fit: blur, bitrate: 100k, edit_lists: none }",
}
EXPECTED = {"small": (160, 90, "30/1", 30.0), "narrow": (90, 160, "30000/1001", 30000 / 1001)}
OPERATIONS = """
video:
  - stabilize
  - grade: { brightness: 0.05, contrast: 1.1 }
audio: [highpass, lowpass, denoise]
"""
SETTINGS = (("--jobs", 1, "--batch", 1), ("--jobs", 2, "--batch", 3), ("--jobs", 5, "--batch", 100))


class Identity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clips = [make_media.clip(name) for name in make_media.numbered_clips()]
        cls.projects = []
        for setting in SETTINGS:
            project = facts.Project(cls.clips, EXPORTS, OPERATIONS)
            cls.addClassCleanup(project.__exit__)
            project.run(*setting)
            cls.projects.append(project)

    def each(self):
        for clip in self.clips:
            for export in EXPORTS:
                yield clip, export, self.projects[0].output(clip, export)

    def test_jobs_and_batches_do_not_change_a_byte(self):
        first, *others = [project.outputs() for project in self.projects]
        self.assertEqual(len(first), 2 * len(EXPORTS) * len(self.clips) + 1)
        for setting, other in zip(SETTINGS[1:], others):
            self.assertEqual([path for path in first if first[path] != other.get(path)], [], setting)
            self.assertEqual(set(first), set(other))

    def test_as_many_pictures_as_the_duration_says(self):
        for clip, export, path in self.each():
            with self.subTest(clip=clip.name, export=export):
                begin, end = facts.shown_times(clip)
                rate = EXPECTED[export][3]
                packets = facts.packets_of(path)
                self.assertLessEqual(abs(len(packets) - (end - begin[0]) * rate), 0.5 + 1e-3)
                times = sorted(int(packet["pts"]) for packet in packets)
                self.assertEqual({b - a for a, b in zip(times, times[1:])} - {int(packets[0]["duration"])}, set(), "not a constant rate")

    def test_decodes_whole_and_without_a_complaint(self):
        for clip, export, path in self.each():
            with self.subTest(clip=clip.name, export=export):
                self.assertEqual(facts.decode_errors(path), "")
                self.assertEqual(len(facts.pictures(path, 16, 16)), len(facts.packets_of(path)))

    def test_groups_of_pictures_are_short_and_in_order(self):
        for clip, export, path in self.each():
            with self.subTest(clip=clip.name, export=export):
                packets = facts.packets_of(path)
                dts = [int(packet["dts"]) for packet in packets]
                self.assertEqual(dts, sorted(set(dts)))
                keys = [at for at, packet in enumerate(packets) if packet["flags"].startswith("K")]
                self.assertEqual(keys[0], 0)
                self.assertLessEqual(max(b - a for a, b in zip(keys, [*keys[1:], len(packets)])), 3 * EXPECTED[export][3])
                for begin, end in zip(keys, [*keys[1:], len(packets)]):
                    group = [int(packet["pts"]) for packet in packets[begin:end]]
                    self.assertEqual(min(group), group[0], "a picture before its key frame: an open group")

    def test_ffprobe_agrees_with_the_export(self):
        for clip, export, path in self.each():
            with self.subTest(clip=clip.name, export=export):
                width, height, rate, _ = EXPECTED[export]
                stream = facts.stream_of(path)
                # x264's ultrafast uses nothing that needs more than a lower profile; the file may promise less, never more.
                self.assertIn(stream["profile"], ("High", "Main", "Constrained Baseline"))
                self.assertNotEqual(stream["level"], 0)
                found = {name: stream[name] for name in ("codec_name", "width", "height", "pix_fmt", "color_range", "sample_aspect_ratio")}
                self.assertEqual(found, {"codec_name": "h264", "width": width, "height": height, "pix_fmt": "yuv420p", "color_range": "tv",
                                         "sample_aspect_ratio": "1:1"})
                if int(stream["nb_frames"]) > 1:
                    self.assertEqual(stream["r_frame_rate"], rate)
                boxes = facts.top_boxes(path)
                self.assertLess(boxes.index("moov"), boxes.index("mdat"))
                self.assertEqual(facts.moov_has(path, "elst"), export == "small")

    def test_sound_is_there_when_the_source_has_one_and_ends_with_the_picture(self):
        for clip, export, path in self.each():
            with self.subTest(clip=clip.name, export=export):
                sound = facts.stream_of(path, "a")
                self.assertEqual(sound is not None, facts.stream_of(clip, "a") is not None)
                if sound:
                    self.assertEqual((sound["codec_name"], sound["sample_rate"], sound["channels"]), ("aac", "48000", 2))
                    picture = facts.stream_of(path)
                    end = float(picture["start_time"]) + float(picture["duration"])
                    self.assertLess(abs(float(sound["start_time"]) + float(sound["duration"]) - end), 2 * 1024 / 48000 + 1 / EXPECTED[export][3])


if __name__ == "__main__":
    unittest.main()
