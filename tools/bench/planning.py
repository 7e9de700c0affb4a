#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long planning takes for many sources: a film of four minutes (60 chunks) under many names, five exports, everything measured but
nothing rendered.

    tools/bench/planning.py [--program build/release/reelmill] [--counts 100 300 1000]

Prints wall and processor time and peak memory of `reelmill plan` for each count. Indexing that many files first takes a minute or two."""
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

SECONDS = 240
EXPORTS = """exports:
  - youtube: { resolution: 64x36, preset: ultrafast, crf: %d }
  - instagram: { resolution: 36x36, preset: ultrafast, crf: %d }
  - tiktok: { resolution: 36x64, preset: ultrafast, crf: %d }
  - twitter: { resolution: 48x36, preset: ultrafast, crf: %d, bitrate: 2M }
  - facebook: { resolution: 48x36, preset: ultrafast, crf: %d, bitrate: 2400k }
"""


def write(folder, count, crf):
    (folder / "reelmill.yaml").write_text("reelmill: 1\nname: many\nsources: in-%d/*.mp4\nvideo:\n  - grade: { contrast: 1.1 }\n" % count +
                                          EXPORTS % ((crf,) * 5))


def measured(program, folder, *arguments):
    begin = time.perf_counter()
    child = subprocess.Popen([program, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(child.stderr.read().decode())
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--program", default=pathlib.Path(__file__).parents[2] / "build/release/reelmill", type=pathlib.Path)
    options.add_argument("--counts", nargs="+", type=int, default=[100, 300, 1000])
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    program = chosen.program.resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-planning-"))
    try:
        film = folder / "film.mp4"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x36:rate=30:duration=%d" % SECONDS,
                        "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-g", "120", "-y", film], check=True)
        for count in chosen.counts:
            (folder / ("in-%d" % count)).mkdir()
            for n in range(count):
                os.link(film, folder / ("in-%d" % count) / ("%04d.mp4" % n))
        print("sources  chunk tasks  wall s  CPU s  ms a source  peak MiB")
        for count in chosen.counts:
            write(folder, count, 40)
            subprocess.run([program, "run"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            write(folder, count, 41)
            rounds = [measured(program, folder, "plan", "--json") for _ in range(chosen.rounds)]
            stages = json.loads(rounds[0][3])["stages"]
            renders = [stage for stage in stages if stage["id"].endswith("/render")]
            assert len(renders) == count and all(stage["state"] == "run" for stage in renders), renders[:1]
            chunks = sum(int(stage["outputs"][0].split()[0]) for stage in renders)
            wall, cpu = (statistics.median(r[i] for r in rounds) for i in (0, 1))
            print("%7d  %11d  %6.2f  %5.2f  %11.2f  %8.0f" % (count, 5 * chunks, wall, cpu, 1000 * cpu / count, max(r[2] for r in rounds)),
                  flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
