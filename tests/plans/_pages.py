# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans that are compared with golden pages: name → text."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fixtures"))
import copy_media  # noqa: E402
import make_media  # noqa: E402

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden"

FULL = """reelmill: 1
name: film
sources: clip.mp4
video:
  - stabilize
  - grade: { brightness: 0.05, contrast: 1.1 }
audio: [highpass, lowpass, denoise]
exports:
  - youtube: { resolution: 320x180, preset: ultrafast }
  - twitter: { resolution: 160x90, preset: ultrafast, bitrate: 2M }
  - facebook: { resolution: 160x90, preset: ultrafast, bitrate: 2400k }
"""
# The same wish in other words.
RESPELLED = """reelmill: 1
name: film
sources: ["clip.mp4"]
normalize: { sample_rate: 48000, fps: 30 }
exports:
  - youtube: { preset: ultrafast, resolution: 320x180 }
  - twitter: { bitrate: 2000k, preset: ultrafast, resolution: 160x90 }
  - facebook: { bitrate: 2.4M, resolution: 160x90, preset: ultrafast }
audio:
  - highpass: { frequency: 0.2 kHz }
  - lowpass: {}
  - denoise: { reduction: 12 dB }
video:
  - stabilize: { smoothing: 30 frames, accuracy: 15 }
  - grade: { contrast: 1.10, brightness: 0.050, gamma: 1 }
"""
PLAIN = """reelmill: 1
name: film
sources: clip.mp4
exports:
  - small: { resolution: 160x90, preset: ultrafast }
"""
CAPTIONED = """reelmill: 1
name: film
sources: clip.mp4
subtitles: { file: words.srt, track: true, burn: { bold: true } }
exports:
  - small: { resolution: 160x90, preset: ultrafast }
"""
MET = """reelmill: 1
name: film
sources: clip.mp4
exports:
  - met: %s
  - small: { resolution: 80x48, preset: ultrafast }
""" % copy_media.EXPORT
KEPT = """reelmill: 1
name: film
sources: clip.mp4
audio: [highpass]
exports:
  - kept: { codec: copy, container: mkv }
"""


class Folder:
    """A project with one clip in a folder of its own."""

    def __init__(self, project, clip="cfr30.mp4"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-plan-"))
        shutil.copy(make_media.clip(clip) if isinstance(clip, str) else clip, self.folder / "clip.mp4")
        self.write(project)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, project):
        (self.folder / "reelmill.yaml").write_text(project)

    def call(self, *arguments, normal=False):
        done = subprocess.run([os.environ["REELMILL"], *arguments], cwd=self.folder, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError("reelmill %s gave %d:\n%s" % (" ".join(arguments), done.returncode, done.stderr))
        text = done.stdout.replace(str(self.folder), "PROJECT")
        return re.sub(r'("estimate_(?:s|bytes)": )[\d.e+-]+', r"\1SOME", text) if normal else text


def pages():
    with Folder(FULL) as film:
        yield "fresh.txt", film.call("plan")
        yield "fresh.dot", film.call("plan", "--dot")
        film.call("run", "--only", "youtube")
        yield "one_export_made.txt", film.call("plan")
        yield "one_export_made.json", film.call("plan", "--json", normal=True)
        yield "nothing_shared.txt", film.call("plan", "--without", "share", "--without", "common")
        film.call("run")
        yield "finished.txt", film.call("plan")
        film.write(FULL.replace("contrast: 1.1", "contrast: 1.2"))
        yield "other_grade.txt", film.call("plan")
        film.write(FULL.replace("stabilize", "stabilize: { smoothing: 10 }"))
        yield "other_smoothing.txt", film.call("plan")
    with Folder(PLAIN, "no_sound.mp4") as silent:
        silent.call("run")
        yield "no_sound.txt", silent.call("plan")
    with Folder(MET, copy_media.clip("met.mp4")) as met:
        met.call("run", "--only", "small")
        yield "met.txt", met.call("plan")
        yield "met.dot", met.call("plan", "--dot")
    with Folder(MET, copy_media.clip("open_groups.mp4")) as nearly:
        nearly.call("run", "--only", "small")
        yield "nearly_met.txt", nearly.call("plan")
    with Folder(CAPTIONED) as captioned:
        words = captioned.folder / "words.srt"
        words.write_text("1\n00:00:00,500 --> 00:00:01,500\nA caption\n")
        captioned.call("run")
        words.write_text("1\n00:00:00,500 --> 00:00:01,500\nAnother caption\n")
        yield "other_caption.txt", captioned.call("plan")
    with Folder(KEPT) as kept:
        yield "kept.txt", kept.call("plan")
