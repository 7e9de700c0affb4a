#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[3] / "tools" / "check_layers.py"


class CheckLayers(unittest.TestCase):
    def check(self, files, *programs):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {"base/text.h": "", "graph/key.h": "", "av/frame.h": "", "plan/plan.h": "", **files}.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            done = subprocess.run([sys.executable, TOOL, folder, *programs], capture_output=True, text=True)
            return done.returncode, done.stdout

    def test_includes_to_the_left_are_fine(self):
        self.assertEqual(self.check({"plan/plan.cc": '#include "graph/key.h"\n#include "base/text.h"\n',
                                     "av/frame.cc": '#include <libavutil/frame.h>\n#include "graph/key.h"\n'})[0], 0)

    def test_an_include_to_the_right_is_named(self):
        status, said = self.check({"graph/key.cc": '\n#include "plan/plan.h"\n'})
        self.assertEqual(status, 1)
        self.assertIn("graph/key.cc:2: 'graph' must not include \"plan/plan.h\"", said)

    def test_front_and_worker_do_not_meet(self):
        self.assertEqual(self.check({"plan/plan.cc": '#include "av/frame.h"\n'})[0], 1)
        self.assertEqual(self.check({"exec/walk.cc": '#include "plan/plan.h"\n'})[0], 1)

    def test_media_libraries_stay_in_av(self):
        status, said = self.check({"exec/walk.cc": "#include <libavcodec/avcodec.h>\n"})
        self.assertEqual(status, 1)
        self.assertIn("<libavcodec/avcodec.h> belongs in src/av only", said)
        self.assertEqual(self.check({"plan/plan.cc": "#include <vid.stab/libvidstab.h>\n"})[0], 1)
        self.assertEqual(self.check({"exec/walk.cc": "#include <ebur128.h>\n"})[0], 1)

    def test_a_path_that_does_not_start_at_src_is_refused(self):
        self.assertEqual(self.check({"graph/key.cc": '#include "key.h"\n'})[0], 1)

    def test_an_unknown_folder_is_refused(self):
        self.assertEqual(self.check({"utils/things.h": ""})[0], 1)

    def test_long_files_are_refused(self):
        self.assertEqual(self.check({"base/text.cc": "\n" * 450})[0], 0)
        self.assertEqual(self.check({"base/text.cc": "\n" * 451})[0], 1)

    def test_a_program_linked_with_a_media_library_is_refused(self):
        status, said = self.check({}, "/usr/bin/ffmpeg")
        self.assertEqual(status, 1)
        self.assertIn("libavcodec.so", said)
        self.assertEqual(self.check({}, sys.executable)[0], 0)


if __name__ == "__main__":
    unittest.main()
