# SPDX-License-Identifier: GPL-3.0-or-later
"""Every output picture is the source picture that was shown at its time, across the borders of chunks too."""
import json
import unittest

import _facts as facts
import make_media

CLIPS = ("cfr30.mp4", "fps25.mp4", "fps2997.mp4", "fps60.mp4", "vfr_a.mkv", "vfr_b.mp4", "one_key.mp4", "long_gop.mp4", "open_gop.mp4",
         "intra_refresh.mp4", "hevc_open_gop.mp4", "mpeg2.ts", "mpeg4.avi", "vp9.webm", "edit_list.mp4", "ts_clock_wraps.ts")
SAME_RATE = ("cfr30.mp4", "one_key.mp4", "long_gop.mp4", "open_gop.mp4", "intra_refresh.mp4", "hevc_open_gop.mp4", "mpeg2.ts",
             "mpeg4.avi", "vp9.webm", "ts_clock_wraps.ts")
RATES = {"at_30": 30.0, "at_24": 24.0, "at_50": 50.0}


class Pictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clips = {name: make_media.clip(name) for name in CLIPS}
        exports = {name: "{ resolution: 160x96, fit: stretch, preset: ultrafast, crf: 20, fps: %g }" % rate for name, rate in RATES.items()}
        cls.project = facts.Project(cls.clips.values(), exports)
        cls.addClassCleanup(cls.project.__exit__)
        cls.project.run()
        cls.numbers = {}

    def numbers_in(self, path):
        if path not in self.numbers:
            self.numbers[path] = list(make_media.read_numbers(facts.pictures(path, make_media.WIDTH, make_media.HEIGHT)))
            self.assertNotIn(-1, self.numbers[path], "%s: a picture whose number cannot be read" % path)
        return self.numbers[path]

    def test_shows_what_the_source_showed(self):
        for name, clip in self.clips.items():
            begin, end = facts.shown_times(clip)
            in_source = self.numbers_in(clip)
            self.assertEqual(len(in_source), len(begin), name)
            for export, rate in RATES.items():
                with self.subTest(clip=name, export=export):
                    shown = self.numbers_in(self.project.output(clip, export))
                    self.assertLessEqual(abs(len(shown) - (end - begin[0]) * rate), 0.5 + 1e-3)
                    for at, number in enumerate(shown):
                        middle = begin[0] + (at + 0.5) / rate
                        self.assertIn(number, in_source)
                        source = in_source.index(number)
                        from_, until = begin[source], begin[source + 1] if source + 1 < len(begin) else end
                        error = max(from_ - middle, middle - until, 0)
                        self.assertLessEqual(error, 0.5 / rate + 0.001, "picture %d shows %d" % (at, number))

    def test_nothing_lost_or_doubled_at_one_rate(self):
        for name in SAME_RATE:
            with self.subTest(clip=name):
                clip = self.clips[name]
                self.assertEqual(self.numbers_in(self.project.output(clip, "at_30")), self.numbers_in(clip))

    def test_a_faster_rate_shows_every_picture(self):
        for name in ("fps25.mp4", "vfr_a.mkv", "cfr30.mp4"):
            with self.subTest(clip=name):
                shown = self.numbers_in(self.project.output(self.clips[name], "at_50"))
                self.assertEqual(sorted(set(shown)), sorted(self.numbers_in(self.clips[name])))
                self.assertEqual(shown, sorted(shown))

    def test_the_clips_have_borders(self):
        # What is said above about borders means nothing where there is a single chunk.
        plan = self.project.call("plan", "--json").stdout
        for name in ("one_key.mp4", "long_gop.mp4", "cfr30.mp4", "hevc_open_gop.mp4"):
            with self.subTest(clip=name):
                self.assertGreater(self.chunks_of(plan, name), 1)

    def chunks_of(self, plan, name):
        stages = {stage["id"]: stage for stage in json.loads(plan)["stages"] if stage["source"] == name}
        return int(stages[name.rpartition(".")[0] + "/render"]["outputs"][0].split()[0])


if __name__ == "__main__":
    unittest.main()
