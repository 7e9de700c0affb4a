# SPDX-License-Identifier: GPL-3.0-or-later
"""What is installed runs, wherever it is put; the Debian package names what it needs."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import make_media

BUILD = pathlib.Path(os.environ["REELMILL"]).parent
FILES = ("bin/reelmill", "bin/reelmill-worker", "share/man/man1/reelmill.1", "share/man/man1/reelmill-run.1",
         "share/man/man7/reelmill-operations.7", "share/bash-completion/completions/reelmill", "share/zsh/vendor-completions/_reelmill",
         "share/fish/vendor_completions.d/reelmill.fish", "share/reelmill/reelmill.schema.json", "share/doc/reelmill/README.md",
         "share/doc/reelmill/THIRD_PARTY.md", "share/doc/reelmill/examples/convert/reelmill.yaml",
         "share/doc/reelmill/presets/youtube.yaml")


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-package-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)

    def runs_in(self, prefix):
        for name in FILES:
            self.assertTrue((prefix / name).exists() or (prefix / (name + ".gz")).exists(), name)
        work = self.folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        environment = {**os.environ, "XDG_CACHE_HOME": str(work / "cache")}
        done = subprocess.run([prefix / "bin/reelmill", "clean", make_media.clip("two_frames.mp4"), "-o", "a.mp4"], cwd=work,
                              env=environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        said = subprocess.run(["ffprobe", "-v", "error", "-show_streams", "-of", "json", work / "a.mp4"], capture_output=True, check=True)
        self.assertEqual({stream["codec_name"] for stream in json.loads(said.stdout)["streams"]}, {"h264", "aac"})

    def test_install(self):
        prefix = self.folder / "prefix"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True, capture_output=True)
        self.runs_in(prefix)

    def test_debian_package(self):
        done = subprocess.run(["cpack", "-G", "DEB", "--config", BUILD / "CPackConfig.cmake", "-B", self.folder / "packed"],
                              cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        package, = (self.folder / "packed").glob("*.deb")
        self.assertRegex(package.name, r"^reelmill_\d+\.\d+\.\d+_amd64\.deb$")
        control = subprocess.run(["dpkg-deb", "-f", package], capture_output=True, text=True, check=True).stdout
        depends = re.search(r"^Depends: (.*)$", control, re.MULTILINE).group(1)
        for library in ("libavcodec", "libavfilter", "libyaml-cpp", "libfmt", "libvidstab", "libseccomp2", "libc6"):
            self.assertIn(library, depends)
        root = self.folder / "root"
        subprocess.run(["dpkg-deb", "-x", package, root], check=True)
        self.runs_in(root / "usr")


if __name__ == "__main__":
    unittest.main()
