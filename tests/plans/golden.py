# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans are as the golden pages have them; tools/bless.py writes these anew."""
import json
import shutil
import subprocess
import unittest

import _pages


class Golden(unittest.TestCase):
    maxDiff = None

    def test_plans_are_as_they_were(self):
        seen = set()
        for name, text in _pages.pages():
            seen.add(name)
            with self.subTest(name):
                self.assertEqual(text, (_pages.GOLDEN / name).read_text(), "if this is meant, run tools/bless.py")
        self.assertEqual(seen, {path.name for path in _pages.GOLDEN.iterdir()})


class Plan(unittest.TestCase):
    def test_two_spellings_of_a_wish_are_one_plan(self):
        with _pages.Folder(_pages.FULL) as film:
            fresh = film.call("plan")
            film.call("run")
            finished = film.call("plan")
            film.write(_pages.RESPELLED)
            self.assertEqual(film.call("plan"), finished)
        with _pages.Folder(_pages.RESPELLED) as film:
            self.assertEqual(film.call("plan"), fresh)

    def test_planning_makes_nothing(self):
        with _pages.Folder(_pages.FULL) as film:
            self.assertEqual(film.call("plan"), film.call("plan"))
            self.assertFalse((film.folder / "02_output").exists())
            self.assertFalse((film.folder / "03_delivered").exists())

    def test_json_has_every_stage_with_a_state(self):
        with _pages.Folder(_pages.FULL) as film:
            stages = json.loads(film.call("plan", "--json"))["stages"]
            self.assertEqual([stage["state"] for stage in stages][0], "run")
            self.assertEqual(len({stage["id"] for stage in stages}), len(stages))
            for stage in stages:
                self.assertIn(stage["state"], ("run", "copy", "cached", "waiting"))
                self.assertTrue(stage["tasks"] and stage["inputs"] and stage["outputs"] and stage["reason"], stage)

    def test_dot_is_a_graph(self):
        with _pages.Folder(_pages.FULL.replace("name: film", "name: 'a \"quoted\" film'")) as film:
            text = film.call("plan", "--dot")
            self.assertTrue(text.startswith("digraph"))
            self.assertEqual(text.count("{"), text.count("}"))
            if shutil.which("dot"):
                subprocess.run(["dot", "-Tsvg"], input=text, text=True, check=True, capture_output=True)


if __name__ == "__main__":
    unittest.main()
