#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of the known shake is left in a video.

    tools/bench/shake.py VIDEO FOOTAGE_DIR [--json]
    tools/bench/shake.py --self-check FOOTAGE_DIR    measures shaky.mp4 itself, which must agree with the truth

Each frame is registered to the same frame of the steady original, so that what moves in the scene cancels out. Shift and
angle are high-passed above 0.5 Hz within each shot, a second at each end of a shot is left out, and their RMS (a frame's
mean over the picture, in pixels of the footage as a viewer sees them) is set against that of the truth, filtered alike.
"""

import argparse
import json
import math
import os
import sys
from multiprocessing import Pool
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from footage import load
from frames import luma
from registration import pyramid, register

WIDTH = 640
EDGE = 0.5  # Hz
ORDER = 4


def _part(job):
    video, steady, width, height, first, count = job
    matches, start = [], None
    for picture, reference in zip(luma(video, width, height, first=first, count=count), luma(steady, width, height, first=first, count=count)):
        match = register(pyramid(picture), pyramid(reference), start)
        start = match.placement if match.correlation > 0.8 else None
        matches.append((match.placement.x, match.placement.y, match.placement.angle, match.placement.zoom, match.correlation))
    return matches


def placements(video, footage, jobs=None):
    """One row a frame: x, y (pixels of the footage), angle, zoom, correlation; how the video's frame lies in the steady one."""
    jobs = jobs or os.cpu_count()
    height = round(WIDTH * footage.height / footage.width / 2) * 2
    parts = []
    for first, last in footage.shots():
        pieces = max(1, min(jobs, (last - first) // 60))
        edges = [first + (last - first) * i // pieces for i in range(pieces + 1)]
        parts += [(str(video), str(footage.steady), WIDTH, height, a, b - a) for a, b in zip(edges[:-1], edges[1:])]
    with Pool(jobs) as pool:
        rows = [row for part in pool.map(_part, parts, chunksize=1) for row in part]
    found = np.array(rows, np.float64).reshape(-1, 5)
    found[:, :2] *= footage.width / WIDTH
    return found


def high_pass(signal, rate):
    """Zero-phase Butterworth, its ends continued by point reflection."""
    n = len(signal)
    reach = min(n - 1, round(4 * rate))
    t = np.arange(n)
    straight = np.polyval(np.polyfit(t, signal, 1), t)
    flat = signal - straight
    longer = np.concatenate([2 * flat[0] - flat[reach:0:-1], flat, 2 * flat[-1] - flat[-2 : -reach - 2 : -1]])
    frequency = np.fft.rfftfreq(len(longer), 1 / rate)
    response = np.zeros_like(frequency)
    response[1:] = 1 / (1 + (EDGE / frequency[1:]) ** (2 * ORDER))
    return np.fft.irfft(np.fft.rfft(longer) * response, len(longer))[reach : reach + n]


def filtered(motion, footage):
    """x, y, angle high-passed shot by shot, a second off at each end of a shot; shots too short for that are left out."""
    rate = float(footage.rate)
    second = round(rate)
    kept = []
    for first, last in footage.shots():
        if last - first < 3 * second:
            continue
        shot = np.stack([high_pass(motion[first:last, axis], rate) for axis in range(3)], axis=1)
        kept.append(shot[second:-second])
    if not kept:
        raise SystemExit("shake: no shot of the footage is as long as 3 s, so nothing can be measured; make longer footage")
    return np.concatenate(kept)


def rms(motion, footage):
    """Over frames and over the picture: {"shift","turn","all"} in pixels."""
    shift = float((motion[:, 0] ** 2 + motion[:, 1] ** 2).mean())
    turn = float((motion[:, 2] ** 2).mean()) * (footage.width**2 + footage.height**2) / 12
    return {"shift": math.sqrt(shift), "turn": math.sqrt(turn), "all": math.sqrt(shift + turn)}


def as_seen(found):
    """Motion in the video's own picture, which a zoom magnifies."""
    seen = found[:, :3].copy()
    seen[:, :2] *= found[:, 3:4]
    return seen


def measure(footage, found):
    if len(found) != footage.frames:
        raise SystemExit(f"shake: {len(found)} frames were registered, the footage has {footage.frames}")
    truth, left = rms(filtered(footage.path, footage), footage), rms(filtered(as_seen(found), footage), footage)
    per_shot = []
    for first, last in footage.shots():
        shot = found[first:last]
        per_shot.append({"first": first, "last": last, "zoom": float(np.median(shot[:, 3])), "zoom_spread": float(np.std(shot[:, 3])),
                         "x": float(np.median(shot[:, 0])), "y": float(np.median(shot[:, 1])), "angle": float(np.median(shot[:, 2]))})
    return {
        "truth_px": truth,
        "residual_px": left,
        "reduction_percent": 100 * (1 - left["all"] / truth["all"]),
        "correlation": {"median": float(np.median(found[:, 4])), "least": float(found[:, 4].min())},
        "shots": per_shot,
    }


def self_check(footage, found):
    truth, seen = filtered(footage.path, footage), filtered(as_seen(found), footage)
    error = rms(seen - truth, footage)["all"]
    size = rms(truth, footage)["all"]
    return {"truth_px": size, "measured_px": rms(seen, footage)["all"], "error_px": error, "error_percent": 100 * error / size}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", nargs="?")
    parser.add_argument("footage")
    parser.add_argument("--self-check", action="store_true", help="measure shaky.mp4 against the truth; fails above 5 %%")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    footage = load(options.footage)
    if options.self_check:
        result = self_check(footage, placements(footage.shaky, footage))
        print(json.dumps(result) if options.json else
              f"shaky.mp4: truth {result['truth_px']:.3f} px, measured {result['measured_px']:.3f} px, "
              f"frame by frame apart {result['error_px']:.3f} px ({result['error_percent']:.1f} %)")
        return 0 if result["error_percent"] < 5 else 1
    if not options.video:
        parser.error("which video?")
    result = measure(footage, placements(options.video, footage))
    if options.json:
        print(json.dumps(result))
        return 0
    truth, left = result["truth_px"], result["residual_px"]
    print(f"truth     {truth['all']:7.3f} px RMS above {EDGE} Hz  (shift {truth['shift']:.3f}, turn {truth['turn']:.3f})")
    print(f"residual  {left['all']:7.3f} px                    (shift {left['shift']:.3f}, turn {left['turn']:.3f})")
    print(f"reduced by {result['reduction_percent']:.1f} %   correlation {result['correlation']['median']:.4f}, "
          f"least {result['correlation']['least']:.4f}")
    for shot in result["shots"]:
        print(f"shot {shot['first']}–{shot['last']}: zoom {shot['zoom']:.4f} ± {shot['zoom_spread']:.4f}, "
              f"offset {shot['x']:+.2f}, {shot['y']:+.2f} px, {math.degrees(shot['angle']):+.3f}°")
    return 0


if __name__ == "__main__":
    sys.exit(main())
