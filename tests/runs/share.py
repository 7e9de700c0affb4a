# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports that differ in the ceiling only: one encode where no ceiling is reached, and a held ceiling where one is."""
import unittest

import _facts as facts
import make_media

CEILING = 100_000
EXPORTS = {
    "free": "{ resolution: 320x180, preset: veryfast, crf: 29 }",
    "roomy": "{ resolution: 320x180, preset: veryfast, crf: 29, bitrate: 950k }",
    "tight": "{ resolution: 320x180, preset: veryfast, crf: 29, bitrate: 100k }",
}


def worst_fill(sizes, rate, ceiling):
    """The most a bucket of two seconds that starts full lacks: 0 when it never runs dry."""
    room = fill = 2 * ceiling
    lacking = 0
    for size in sizes:
        fill -= 8 * size
        lacking = max(lacking, -fill)
        fill = min(room, fill + ceiling / rate)
    return lacking


class Share(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clip = make_media.clip("one_key.mp4")
        cls.shared, cls.single = facts.Project([cls.clip], EXPORTS), facts.Project([cls.clip], EXPORTS)
        for project, arguments in ((cls.shared, ()), (cls.single, ("--without", "share"))):
            cls.addClassCleanup(project.__exit__)
            project.run(*arguments)

    def sizes(self, export):
        return [int(packet["size"]) for packet in facts.packets_of(self.shared.output(self.clip, export))]

    def test_they_are_one_encode(self):
        encodes = [line for line in self.shared.call("plan").stdout.splitlines() if "encode 320x180" in line]
        self.assertEqual(len(encodes), 1, encodes)
        self.assertTrue(encodes[0].endswith("free, roomy, tight"), encodes)

    def test_sharing_does_not_change_a_byte(self):
        for export in EXPORTS:
            with self.subTest(export):
                self.assertEqual(self.shared.output(self.clip, export).read_bytes(), self.single.output(self.clip, export).read_bytes())

    def test_a_ceiling_that_is_not_reached_changes_nothing(self):
        self.assertEqual(self.shared.output(self.clip, "free").read_bytes(), self.shared.output(self.clip, "roomy").read_bytes())

    def test_the_other_ceiling_is_held(self):
        sizes = self.sizes("tight")
        mean = 8 * sum(sizes) * 30 / len(sizes)
        self.assertLessEqual(mean, CEILING)
        self.assertGreater(mean, CEILING / 3, "far below: bits are wasted")
        self.assertEqual(worst_fill(sizes, 30, CEILING), 0)

    def test_the_ceiling_was_in_the_way(self):
        self.assertGreater(worst_fill(self.sizes("free"), 30, CEILING), 0)


if __name__ == "__main__":
    unittest.main()
