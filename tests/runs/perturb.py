# SPDX-License-Identifier: GPL-3.0-or-later
"""What fresh memory happens to hold changes no byte: some encoders read theirs before they write it."""
import os
import unittest

import _facts as facts
import make_media

EXPORTS = {
    "small": "{ resolution: 320x180, preset: veryfast, crf: 29 }",
    "capped": "{ resolution: 160x90, preset: medium, crf: 20, bitrate: 100k }",
}


class Perturb(unittest.TestCase):
    def test_the_bytes_are_the_same_whatever_memory_holds(self):
        clip = make_media.clip("one_key.mp4")
        files = []
        for rubbish in ("0", "85", "170"):
            os.environ["MALLOC_PERTURB_"] = rubbish
            with facts.Project([clip], EXPORTS) as project:
                project.run()
                files.append([project.output(clip, export).read_bytes() for export in EXPORTS])
        del os.environ["MALLOC_PERTURB_"]
        self.assertEqual(files[0], files[1])
        self.assertEqual(files[0], files[2])


if __name__ == "__main__":
    unittest.main()
