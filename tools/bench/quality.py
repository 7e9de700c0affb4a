# SPDX-License-Identifier: GPL-3.0-or-later
"""VMAF of a contender's largest export against the steady original, graded losslessly.

Every stabiliser zooms in a little, each its own way, so the reference is the centre crop that the contender itself shows:
its zoom, offset and angle as registered (shake.placements), taken from the steady frames by bicubic interpolation. Two ways:

  still    one crop for a whole shot, the median: what moves against it counts as a fault
  aligned  the crop of each frame: only the loss of picture quality counts, not the shake that is left
"""

import json
import os
import statistics
import subprocess
import tempfile
from multiprocessing import Pool
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from frames import luma
from platforms import GRADE, RATE, fit

WIDTH, HEIGHT = 1920, 1080
SHARPNESS = -0.6  # of the bicubic kernel, swscale's own


def _weights(fraction):
    """Of the four neighbours of a point `fraction` past the second one."""
    def near(t):
        return ((SHARPNESS + 2) * t - (SHARPNESS + 3)) * t * t + 1

    def far(t):
        return ((SHARPNESS * t - 5 * SHARPNESS) * t + 8 * SHARPNESS) * t - 4 * SHARPNESS

    return far(1 + fraction), near(fraction), near(1 - fraction), far(2 - fraction)


def _along_rows(picture, columns):
    """Each row sampled at its own columns."""
    height, width = picture.shape
    whole = np.floor(columns)
    fraction = (columns - whole).astype(np.float32)
    base = np.clip(whole.astype(np.int32), 1, width - 3) + (np.arange(height, dtype=np.int32) * width)[:, None]
    flat = picture.ravel()
    return sum(weight * flat[base + step] for weight, step in zip(_weights(fraction), (-1, 0, 1, 2)))


def resample(picture, x, y, angle, zoom):
    """The part of `picture` that a placement names, at WIDTH × HEIGHT: along rows first, then along columns."""
    height, width = picture.shape
    a = np.cos(angle) / zoom * width / WIDTH
    b = np.sin(angle) / zoom * width / WIDTH
    across = np.arange(WIDTH, dtype=np.float64) - (WIDTH - 1) / 2
    down = np.arange(HEIGHT, dtype=np.float64) - (HEIGHT - 1) / 2
    rows = np.arange(height, dtype=np.float64) - (height - 1) / 2
    level = (rows[:, None] - y - b * across[None, :]) / a  # the output row whose sample lies on this source row
    first = _along_rows(picture, (a * across[None, :] - b * level + x + (width - 1) / 2).astype(np.float32))
    wanted = (b * across[:, None] + a * down[None, :] + y + (height - 1) / 2).astype(np.float32)
    second = _along_rows(np.ascontiguousarray(first.T), wanted).T
    return np.clip(np.rint(second), 0, 255).astype(np.uint8)


def _reference(job):
    picture, placement = job
    return resample(picture.astype(np.float32), *placement).tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2)  # colour plays no part


def chosen(frames, block, of):
    """Which frames are compared: the first `block` of every `of`."""
    return [n for n in range(frames) if n % of < block]


def _vmaf(ffmpeg, video, reference, block, of):
    select = f"select='lt(mod(n,{of}),{block})'," if block < of else ""
    stamps = f"setpts=N/{RATE}/TB"
    with tempfile.NamedTemporaryFile(suffix=".json") as log:
        graph = (f"[0:v]{select}format=yuv420p,{stamps}[video];[1:v]format=yuv420p,{stamps}[reference];"
                 f"[video][reference]libvmaf=n_threads={os.cpu_count()}:log_fmt=json:log_path={log.name}:"
                 r"model='version=vmaf_v0.6.1\:name=vmaf|version=vmaf_v0.6.1neg\:name=neg'")
        subprocess.run([ffmpeg, "-v", "error", "-nostdin", "-i", str(video), "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}",
                        "-r", str(RATE), "-i", str(reference), "-filter_complex", graph, "-f", "null", "-"], check=True)
        return [frame["metrics"] for frame in json.loads(Path(log.name).read_text())["frames"]]


def _summary(metrics):
    scores = [m["vmaf"] for m in metrics]
    return {"mean": statistics.fmean(scores), "first_percentile": float(np.percentile(scores, 1)),
            "neg": statistics.fmean(m["neg"] for m in metrics), "frames": len(scores)}


def vmaf(ffmpeg, video, footage, found, block, of, scratch, ways=("still", "aligned")):
    """{"still": {"mean","first_percentile","neg","frames"}, "aligned": {…}}; neg is VMAF-NEG, which sharpening does not raise.
    `found`: shake.placements of this video."""
    placed = {"aligned": found[:, :4], "still": np.empty((footage.frames, 4))}
    for first, last in footage.shots():
        placed["still"][first:last] = np.median(found[first:last, :4], axis=0)
    wanted = set(chosen(footage.frames, block, of))
    results = {}
    for name in ways:
        pictures = ((picture, placed[name][n]) for n, picture in enumerate(luma(footage.steady, footage.width, footage.height, GRADE)) if n in wanted)
        reference = Path(scratch) / f"reference-{name}.yuv"
        with Pool(os.cpu_count()) as pool, open(reference, "wb") as file:
            for plane in pool.imap(_reference, pictures, chunksize=1):
                file.write(plane)
        scores = _vmaf(ffmpeg, video, reference, block, of)
        reference.unlink()
        if len(scores) != len(wanted):
            raise RuntimeError(f"VMAF of {video} compared {len(scores)} frames, not {len(wanted)}")
        results[name] = _summary(scores[1:])  # the first has no motion and so no fair score
    return results


def at_bits_of(clean, video, platform, out, ffmpeg):
    """`clean` encoded once more as `platform` asks, but at the bits of `video` (two passes): equal bits, so that quality alone differs."""
    packets = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=size", "-of", "csv=p=0", str(video)],
                             capture_output=True, text=True, check=True).stdout.split()
    sizes = [int(size.strip(",")) for size in packets]
    bitrate = round(sum(sizes) * 8 * RATE / len(sizes))
    for number in (1, 2):
        end = ["-f", "null", "-"] if number == 1 else [str(out)]
        subprocess.run([ffmpeg, "-v", "error", "-nostdin", "-y", "-i", str(clean), "-an", "-vf", fit(*platform.size), "-r", str(RATE),
                        "-c:v", "libx264", "-preset", platform.preset, "-b:v", str(bitrate), "-pass", str(number),
                        "-passlogfile", f"{out}.pass", *end], check=True)
    return out
