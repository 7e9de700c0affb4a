# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether contenders delivered the same thing. Comparing their speed means nothing otherwise."""

from concurrent.futures import ThreadPoolExecutor

from frames import Unreadable, probe
from platforms import PLATFORMS, RATE


def _faults(platform, files, frames, sound, seconds):
    missing = [f for f in files if not f.is_file()]
    if missing or not files:
        return [f"{platform.name}: missing {', '.join(map(str, missing)) or 'every file'}"]
    faults, counted = [], 0
    for file in files:
        try:
            found = probe(file, count=True)
        except Unreadable as unreadable:
            return [f"{platform.name}: {unreadable}"]
        counted += found["frames"]
        if (found["width"], found["height"]) != platform.size:
            faults.append(f"{platform.name}: is {found['width']}x{found['height']}, not {platform.width}x{platform.height}")
        if found["rate"] != RATE:
            faults.append(f"{platform.name}: runs at {found['rate']} frames a second, not {RATE}")
        if found["video_codec"] != "h264":
            faults.append(f"{platform.name}: is {found['video_codec']}, not h264")
        if found["damage"]:
            faults.append(f"{platform.name}: does not decode cleanly: {found['damage'].splitlines()[0]}")
        if sound and len(found["audio"]) != 1:
            faults.append(f"{platform.name}: has {len(found['audio'])} audio streams, not one")
        elif sound and abs(float(found["audio"][0].get("duration", 0)) - seconds) > 0.15:
            faults.append(f"{platform.name}: has {found['audio'][0].get('duration')} s of sound, not {seconds:.2f}")
    if counted != frames:
        faults.append(f"{platform.name}: has {counted} frames, not {frames}")
    return faults


def faults(files_of, frames, sound=True, merged=False):
    """Everything that is wrong with {platform: [files]}; each file is decoded to the end. merged: a platform may be absent."""
    wanted = [p for p in PLATFORMS if p.name in files_of or not merged]
    with ThreadPoolExecutor(max_workers=2) as pool:
        found = pool.map(lambda p: _faults(p, files_of.get(p.name, []), frames, sound, frames / RATE), wanted)
    return [fault for several in found for fault in several]


def sizes(files_of):
    return {name: sum(f.stat().st_size for f in files) for name, files in files_of.items()}
