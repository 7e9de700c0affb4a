# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads videos: what they hold (ffprobe) and their luma, frame by frame, as numpy arrays."""

import json
import subprocess
from contextlib import contextmanager
from fractions import Fraction

import numpy as np


class Unreadable(RuntimeError):
    pass


def probe(path, count=False):
    """{"width","height","rate","frames","duration","audio":[…]}; `frames` is exact only with count (a full decode)."""
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format"]
    command += ["-count_frames"] if count else ["-count_packets"]
    done = subprocess.run(command + [str(path)], capture_output=True, text=True)
    if done.returncode != 0:
        raise Unreadable(f"cannot read {path}: {done.stderr.strip()}")
    data = json.loads(done.stdout)
    video = next((s for s in data["streams"] if s["codec_type"] == "video"), None)
    if video is None:
        raise Unreadable(f"{path} has no picture")
    counted = video.get("nb_read_frames" if count else "nb_read_packets", 0)
    return {
        "width": video["width"],
        "height": video["height"],
        "rate": Fraction(video["avg_frame_rate"]),
        "frames": int(counted),
        "duration": float(video.get("duration") or data["format"]["duration"]),
        "video_codec": video["codec_name"],
        "audio": [s for s in data["streams"] if s["codec_type"] == "audio"],
        "damage": done.stderr.strip(),
    }


@contextmanager
def reading(command):
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    try:
        yield child.stdout
    finally:
        child.stdout.close()
        child.stderr.close()
        child.terminate()
        child.wait()


def luma(path, width, height, filters="", first=0, count=None):
    """Yields the luma plane of each frame, scaled to width × height by area averaging after `filters`."""
    chain = [f"trim=start_frame={first}"] if first else []
    chain += [filters] if filters else []
    chain += [f"scale={width}:{height}:flags=area+accurate_rnd", "format=yuv420p", "extractplanes=y"]
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-an", "-vf", ",".join(chain), "-fps_mode", "passthrough"]
    command += ["-frames:v", str(count)] if count is not None else []
    command += ["-f", "rawvideo", "-pix_fmt", "gray", "-"]
    size = width * height
    with reading(command) as stream:
        while len(data := stream.read(size)) == size:
            yield np.frombuffer(data, np.uint8).reshape(height, width)
