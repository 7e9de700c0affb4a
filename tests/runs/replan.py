# SPDX-License-Identifier: GPL-3.0-or-later
"""A finished project has nothing left to do, and says so; only what changed is made again."""
import json
import statistics
import time
import unittest

import _facts as facts
import make_media

ONE = {"one": "{ resolution: 160x90, preset: ultrafast, crf: 30 }"}
TWO = {**ONE, "two": "{ resolution: 90x160, preset: ultrafast, crf: 30 }"}


class Replan(unittest.TestCase):
    def setUp(self):
        self.project = facts.Project([make_media.clip("cfr30.mp4")], ONE, "video: [grade: { contrast: 1.1 }]")
        self.addCleanup(self.project.__exit__)
        self.project.run()

    def states(self):
        return {stage["id"].partition("/")[2]: stage["state"] for stage in json.loads(self.project.call("plan", "--json").stdout)["stages"]}

    def test_everything_is_there(self):
        took = []
        for _ in range(20):
            begin = time.perf_counter()
            done = self.project.call("plan", "--json")
            took.append(time.perf_counter() - begin)
            self.assertEqual({stage["state"] for stage in json.loads(done.stdout)["stages"]}, {"cached"})
        print("plan of a finished project: %.1f ms (median of %d)" % (1000 * statistics.median(took), len(took)))

    def test_a_second_run_makes_and_writes_nothing(self):
        paths = [self.project.folder / path for path in self.project.outputs()]
        before = [path.stat().st_mtime_ns for path in paths]
        said = self.project.run("--json").stdout
        self.assertNotIn("stage_started", said)
        self.assertEqual([path.stat().st_mtime_ns for path in paths], before)

    def test_a_lost_output_comes_back_without_work(self):
        before = self.project.outputs()
        for path in before:
            (self.project.folder / path).unlink()
        self.assertNotIn("started", self.project.run().stdout)
        self.assertEqual(self.project.outputs(), before)

    def test_a_new_export_leaves_the_rest_alone(self):
        self.project.write([make_media.clip("cfr30.mp4")], TWO, "video: [grade: { contrast: 1.1 }]")
        states = self.states()
        self.assertEqual([states[name] for name in ("index", "analysis", "sound", "render")], ["cached"] * 3 + ["run"])
        before = self.project.output("cfr30.mp4", "one").stat().st_mtime_ns
        self.project.run()
        self.assertEqual(self.project.output("cfr30.mp4", "one").stat().st_mtime_ns, before)
        self.assertTrue(self.project.output("cfr30.mp4", "two").exists())

    def test_other_sound_leaves_the_picture_alone(self):
        self.project.write([make_media.clip("cfr30.mp4")], ONE, "video: [grade: { contrast: 1.1 }]\naudio: [highpass]")
        states = self.states()
        self.assertEqual((states["render"], states["sound"]), ("cached", "run"))


if __name__ == "__main__":
    unittest.main()
