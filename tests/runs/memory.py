# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory of the workers does not grow with the film. Takes a while, so only with REELMILL_LONG=1."""
import os
import re
import subprocess
import sys
import unittest

import _facts as facts
import make_media

EXPORTS = {"one": "{ resolution: 320x180, preset: veryfast, crf: 30 }"}
OPERATIONS = "video: [stabilize]\naudio: [highpass, lowpass, denoise]"


def peaks(clip):
    """Kind of work → the most memory a worker of it held, in MB."""
    with facts.Project([clip], EXPORTS, OPERATIONS) as project:
        said = project.run("--jobs", 1).stdout
    most = {}
    for kind, megabytes in re.findall(r"^(\w+) .*at most ([\d.]+) MB of memory", said, re.M):
        most[kind] = max(most.get(kind, 0), float(megabytes))
    return most


class Memory(unittest.TestCase):
    def test_does_not_grow_with_the_film(self):
        with facts.Project(["x"], EXPORTS) as scratch:
            short = make_media.clip("cfr30.mp4")
            clips = []
            for times in (2, 13):
                clips.append(scratch.folder / ("%d.mp4" % times))
                subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-stream_loop", str(times - 1), "-i", str(short), "-c", "copy",
                                str(clips[-1])], check=True)
            few, many = map(peaks, clips)
        self.assertEqual(set(few), {"index", "analysis", "render", "sound", "join"})
        for kind in few:
            with self.subTest(kind):
                self.assertLessEqual(many[kind], 1.1 * few[kind])


if __name__ == "__main__":
    if os.environ.get("REELMILL_LONG") != "1":
        print("skipped: it takes minutes; scripts/test --long runs it")
        sys.exit(77)
    unittest.main()
