#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times `reelmill check --deep` beside ffmpeg's bare decode of the same film, in turns.

    tools/bench/check.py REELMILL FILM… [--rounds 5]

ffmpeg decodes one picture and one sound, to nothing, with as many threads as it likes; so does reelmill, which besides reads every
packet's times and looks at the fields. A ratio is the median over rounds of the ratio within a round."""
import argparse
import os
import statistics
import subprocess
import time


def cost(command):
    before, began = os.times(), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return time.monotonic() - began, after.children_user + after.children_system - before.children_user - before.children_system


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reelmill")
    parser.add_argument("films", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print("| film | ffmpeg wall s | CPU s | reelmill wall s | CPU s | wall ratio | CPU ratio |\n|---|---:|---:|---:|---:|---:|---:|")
    for film in arguments.films:
        ours, theirs = [], []
        commands = ((ours, [arguments.reelmill, "check", "--deep", film]),
                    (theirs, ["ffmpeg", "-nostdin", "-v", "error", "-i", film, "-f", "null", "-"]))
        for number in range(arguments.rounds):
            for costs, command in commands if number % 2 else reversed(commands):
                costs.append(cost(command))
        middle = lambda costs, i: statistics.median(c[i] for c in costs)
        ratio = lambda i: statistics.median(a[i] / b[i] for a, b in zip(ours, theirs))
        print("| `%s` | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |" % (
            os.path.basename(film), middle(theirs, 0), middle(theirs, 1), middle(ours, 0), middle(ours, 1), ratio(0), ratio(1)), flush=True)


if __name__ == "__main__":
    main()
