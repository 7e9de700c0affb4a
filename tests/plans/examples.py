# SPDX-License-Identifier: GPL-3.0-or-later
"""Every project in examples/ is a valid one and can be planned; so can the one in the README."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import textwrap
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
REELMILL = os.environ["REELMILL"]


def readme_project():
    lines = (REPOSITORY / "README.md").read_text().splitlines()
    start = lines.index("    reelmill: 1")
    block = []
    for line in lines[start:]:
        if line and not line.startswith("    "):
            break
        block.append(line)
    return textwrap.dedent("\n".join(block)) + "\n"


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.clip = cls.folder / "clip.mp4"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=2",
                        "-f", "lavfi", "-i", "sine=duration=2", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast",
                        "-c:a", "aac", cls.clip], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def plan(self, name, text):
        project = self.folder / name
        raw = project / "00_source/video/raw"
        raw.mkdir(parents=True)
        shutil.copy(self.clip, raw)
        (project / "reelmill.yaml").write_text(text)
        done = subprocess.run([REELMILL, "plan", "--json", project], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)["stages"]

    def test_every_example_can_be_planned(self):
        files = sorted((REPOSITORY / "examples").glob("*/reelmill.yaml"))
        self.assertGreaterEqual(len(files), 3)
        for file in files:
            with self.subTest(file.parent.name):
                self.assertTrue(self.plan(file.parent.name, file.read_text()))

    def test_the_project_in_the_readme_can_be_planned(self):
        self.assertTrue(self.plan("readme", readme_project()))

    def test_a_broken_project_is_refused(self):
        project = self.folder / "broken"
        project.mkdir()
        (project / "reelmill.yaml").write_text(readme_project().replace("grade:", "grdae:"))
        done = subprocess.run([REELMILL, "plan", project], capture_output=True, text=True)
        self.assertEqual(done.returncode, 65)
        self.assertIn("did you mean 'grade'?", done.stderr)


if __name__ == "__main__":
    unittest.main()
