#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times `reelmill loudness` beside ffmpeg-normalize on one batch of films with AAC sound, in turns, and measures what both deliver.

    tools/bench/loudness.py REELMILL [--rounds 3] [--files 12] [--minutes 3] [--normalize .cache/bench/normalize/bin/ffmpeg-normalize]

The films have a small picture, which both copy, and speech, music, noise or a mix of them. Both are asked for -16 LUFS and -1.5 dBTP,
AAC of 192 kb/s, the sample rate of the source. Each round begins without any cache. A ratio is the median over rounds of the ratio
within a round; accuracy and true peak are those of ffmpeg's ebur128 on the delivered files; `dynamic` counts the files that came out
compressed although nobody asked for it, as the program itself reports."""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/fixtures"))
import loudness_media as media  # noqa: E402

INTEGRATED, TRUE_PEAK, RATE = -16.0, -1.5, 48000


def sound(number, seconds):
    """What differs from file to file: how loud, how even, how peaky, how many channels."""
    speech = numpy.concatenate([media.voice(name, 0, 70, RATE) for name in ("demo-instruct", "demo-congrats")])
    count = round(seconds * RATE)
    speech = numpy.resize(numpy.roll(speech, 37 * RATE * number), count)
    level = 10 ** ((-6, 0, -18, -12)[number % 4] / 20)
    kind = number % 6
    if kind == 0:
        return level * speech
    if kind == 1:
        return level * media.both(speech, 0.7 * speech)
    bed = numpy.resize(media.music(60, RATE, number, -22), count)
    if kind == 2:
        return level * media.both(bed, numpy.roll(bed, 300))
    if kind == 3:
        return level * media.both(speech + 0.3 * bed, speech + 0.3 * numpy.roll(bed, 500))
    if kind == 4:
        swell = 0.15 + 0.85 * numpy.sin(numpy.pi * numpy.arange(count) / count / 2) ** 4
        return level * media.both(swell * bed, swell * speech)
    hiss = numpy.resize(media.noise(-40, 30, RATE, number), count)
    return level * media.both(speech + hiss, speech - hiss)


def make_films(folder, files, minutes):
    folder.mkdir()
    for number in range(files):
        samples = numpy.clip(sound(number, 60 * minutes), -1, 1).astype("<f4")
        samples = samples[:, None] if samples.ndim == 1 else samples
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=%d" % (60 * minutes), "-f", "f32le", "-ar",
                        str(RATE), "-ac", str(samples.shape[1]), "-i", "-", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
                        "-c:a", "aac", "-b:a", "192k", "-shortest", str(folder / ("film%02d.mp4" % number))], input=samples.tobytes(), check=True)


def cost(command, environment=None):
    before, began = os.times(), time.monotonic()
    done = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, env=environment)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return (time.monotonic() - began, cpu), done.stdout


def ours(program, films, out, scratch):
    shutil.rmtree(scratch / "cache", ignore_errors=True)
    environment = {**os.environ, "XDG_CACHE_HOME": str(scratch / "cache"), "REELMILL_STATE": str(scratch / "cache/state")}
    environment.pop("REELMILL_CACHE", None)
    costs, text = cost([program, "loudness", *films, "-o", out, "--integrated", INTEGRATED, "--true-peak", TRUE_PEAK, "--json"], environment)
    return costs, [file["mode"] for file in json.loads(text)["files"]]


def theirs(program, films, out, _):
    costs, text = cost([program, *films, "-of", out, "-ext", "mp4", "-c:a", "aac", "-b:a", "192k", "-ar", RATE, "-t", INTEGRATED, "-tp",
                        TRUE_PEAK, "-f", "--print-stats"])
    modes = [stream["ebu_pass2"]["normalization_type"] for stream in json.loads(text)]
    return costs, modes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reelmill", type=pathlib.Path)
    parser.add_argument("--normalize", type=pathlib.Path, default=ROOT / ".cache/bench/normalize/bin/ffmpeg-normalize")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", type=int, default=12)
    parser.add_argument("--minutes", type=int, default=3)
    arguments = parser.parse_args()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-loudness-bench-"))
    try:
        make_films(scratch / "films", arguments.files, arguments.minutes)
        films = sorted((scratch / "films").iterdir())
        contenders = {"reelmill": (ours, arguments.reelmill.resolve()), "ffmpeg-normalize": (theirs, arguments.normalize)}
        costs, modes = {name: [] for name in contenders}, {}
        for number in range(arguments.rounds):
            for name in list(contenders) if number % 2 else list(reversed(contenders)):
                run, program = contenders[name]
                shutil.rmtree(scratch / name, ignore_errors=True)
                (scratch / name).mkdir()
                spent, modes[name] = run(program, films, scratch / name, scratch)
                costs[name].append(spent)
        ratio = lambda i: statistics.median(b[i] / a[i] for a, b in zip(costs["reelmill"], costs["ffmpeg-normalize"]))
        print("%d films of %d min, %d rounds, %d cores\n" % (arguments.files, arguments.minutes, arguments.rounds, os.cpu_count()))
        print("| | wall s | CPU s | wall | per core | worst LUFS off | mean LUFS off | worst dBTP | modes |\n|---|---:|---:|---:|---:|---:|---:|---:|---|")
        for name in contenders:
            measured = [media.heard(scratch / name / film.name) for film in films]
            off = [abs(each["integrated"] - INTEGRATED) for each in measured]
            counts = ", ".join("%d %s" % (modes[name].count(mode), mode) for mode in sorted(set(modes[name])))
            print("| %s | %.1f | %.1f | %s | %s | %.2f | %.2f | %.2f | %s |" % (
                name, statistics.median(c[0] for c in costs[name]), statistics.median(c[1] for c in costs[name]),
                "%.2f×" % ratio(0) if name == "reelmill" else "1", "%.2f×" % ratio(1) if name == "reelmill" else "1", max(off),
                statistics.mean(off), max(each["true_peak"] for each in measured), counts))
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
