# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged media and damaged project files: the front never crashes, nothing hangs, nothing is left over, sources stay as they
are. Thirty of each; REELMILL_LONG=1 makes it three hundred and more. Under the sanitizers (scripts/test --asan) any report counts."""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import _facts as facts
import hostile_media

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools"))
import mutate_media
import mutate_projects

LONG = os.environ.get("REELMILL_LONG") == "1"
COUNT = int(os.environ.get("REELMILL_MUTANTS", 350 if LONG else 30))
MOST_SECONDS = 600 if "asan" in facts.REELMILL else 60
CODES = {0, 65, 66, 69, 70, 75}
REPORT = re.compile(r"AddressSanitizer|UndefinedBehaviorSanitizer|LeakSanitizer|runtime error:|terminate called|Assertion")
PROJECT = """reelmill: 1
name: mutants
sources: 'footage/*'
video: [stabilize, { grade: { contrast: 1.1 } }]
audio: [highpass, denoise]
exports:
  - small: { resolution: 160x90, preset: ultrafast, crf: 30, fps: 25 }
  - tall: { resolution: 90x160, preset: ultrafast, crf: 30, fit: blur, edit_lists: none }
"""


def good_media():
    """One short clip of every kind of container."""
    made = {"mini.mp4": (), "mini.mov": ("-c:v", "mjpeg", "-c:a", "pcm_s16le"), "mini.mkv": ("-c", "copy"),
            "mini.avi": ("-c:v", "mpeg4", "-c:a", "mp3"), "mini.ts": ("-c:v", "mpeg2video", "-c:a", "mp2"),
            "mini.webm": ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"), "mini-fragments.mp4":
            ("-c", "copy", "-movflags", "frag_keyframe+empty_moov"), "mini.mxf": ("-c:v", "mpeg2video", "-r", "25", "-c:a", "pcm_s16le")}
    return [hostile_media.mini_file(name, *options) for name, options in made.items()]


def files_in(folder):
    return {str(path.relative_to(folder)): path for path in pathlib.Path(folder).rglob("*") if path.is_file() or path.is_symlink()}


class Mutants(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-test-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)

    def attempt(self, name, project, footage):
        """Runs one mutant; what was wrong with how that went, and its exit code."""
        folder, temporary = self.scratch / name / "project", self.scratch / name / "tmp"
        (folder / "footage").mkdir(parents=True)
        temporary.mkdir()
        (folder / "reelmill.yaml").write_bytes(project)
        for file, data in footage.items():
            (folder / "footage" / file).write_bytes(data)
        environment = dict(os.environ, TMPDIR=str(temporary), XDG_CACHE_HOME=str(temporary), HOME=str(temporary))
        begin = time.monotonic()
        wrong = []
        try:
            done = subprocess.run([facts.REELMILL, "run", "--jobs", "1"], cwd=folder, capture_output=True, env=environment,
                                  timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            return name, None, ["it hangs"], ""
        said = (done.stdout + done.stderr).decode(errors="replace")
        logs = "".join(path.read_text(errors="replace") for path in folder.glob("metadata/logs/*.log"))
        if done.returncode not in CODES:
            wrong.append("exit code %d" % done.returncode)
        if done.returncode and not done.stderr.strip():
            wrong.append("no message")
        if "[src/" in said or "an exception escaped" in said:
            wrong.append("a bug: " + said)
        for found in REPORT.finditer(done.stderr.decode(errors="replace") + logs):
            wrong.append("a report: " + (said + logs)[max(0, found.start() - 200):][:1500])
            break
        for path in files_in(temporary):
            wrong.append("left behind: " + path)
        manifest = folder / "03_delivered/manifest.json"
        delivered = {file["path"] for file in json.loads(manifest.read_text())["files"]} if manifest.exists() else set()
        for path in files_in(folder).keys() - delivered:
            top = pathlib.Path(path).parts[0]
            if top not in (".reelmill", "02_output", "03_delivered", "footage", "metadata", "reelmill.yaml") or path.endswith((".part", ".tmp")):
                wrong.append("left behind: " + path)
        if (folder / ".reelmill/attempts").exists() and list((folder / ".reelmill/attempts").iterdir()):
            wrong.append("attempts are left behind")
        for file, data in footage.items():
            if (folder / "footage" / file).read_bytes() != data:
                wrong.append("the source was changed")
        if facts.workers_of(folder):
            wrong.append("a worker lives on")
        if done.returncode == 0:
            for path in folder.glob("02_output/final/*.mp4"):
                if facts.decode_errors(path):
                    wrong.append("a broken film: " + facts.decode_errors(path))
        shutil.rmtree(self.scratch / name)
        return name, done.returncode, wrong, "%.1f s %s" % (time.monotonic() - begin, said.strip().splitlines()[-1] if said.strip() else "")

    def all(self, attempts):
        codes = {}
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for name, code, wrong, said in pool.map(lambda each: self.attempt(*each), attempts):
                codes.setdefault(code, []).append(name)
                if LONG:
                    print(name, code, said, flush=True)
                with self.subTest(name):
                    self.assertEqual(wrong, [])
        print({code: len(names) for code, names in codes.items()})
        self.assertEqual(sum(map(len, codes.values())), COUNT)
        self.assertGreater(len(codes), 1, "mutants that all fare the same prove little")

    def test_media(self):
        self.all((name, PROJECT.encode(), {name: data}) for name, data in mutate_media.mutants(good_media(), COUNT))

    def test_project_files(self):
        base = self.scratch / "base.yaml"
        base.write_text(PROJECT)
        good = [base]
        for example in sorted(TOP.glob("examples/*/reelmill.yaml")):
            good.append(self.scratch / (example.parent.name + ".yaml"))
            good[-1].write_text(re.sub("^sources:.*", "sources: 'footage/*'", example.read_text(), flags=re.MULTILINE))
        clip = {"film.mp4": hostile_media.mini()}
        self.all((name, data, clip) for name, data in mutate_projects.mutants(good, COUNT))


if __name__ == "__main__":
    unittest.main()
