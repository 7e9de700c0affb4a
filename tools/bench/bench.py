# SPDX-License-Identifier: GPL-3.0-or-later
"""reelmill beside what else one could use for the same job: time, CPU, memory, picture quality and the shake that is left.

  reelmill             a new project, one run, nothing cached
  reelmill-unshared    the same, identical encodes not merged
  reelmill-at-bits     reelmill with a higher CRF for youtube (--crf), which gives a file as large as the scripts'
  reelmill-unshared-at-bits  both
  scripts              the user's clean-up and exporter (its pad filter mended), Debian's ffmpeg
  fused-debian         two hand-written ffmpeg commands, Debian's ffmpeg
  fused-static         the same with the current static ffmpeg
  fused-static-single  the same with one thread an encoder: less CPU time, worse balance
  floor                the distinct encoders alone, fed finished raw frames, one thread each, on all cores
  floor-unshared       the same with all five encoders

All deliver the same five files, which is checked before anything is compared. Contenders take turns, round by round, so
that a machine that drifts does so for all; ratios are the median over rounds.
"""

import argparse
import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import contenders
import deliverables
import footage as footages
import quality
import shake
from measure import measure
from platforms import PLATFORMS
from table import print_tables

REPOSITORY = Path(__file__).resolve().parents[2]
CACHE = REPOSITORY / ".cache"
STATIC = CACHE / "bench" / "ffmpeg"
DEBIAN = "/usr/bin/ffmpeg"
EVERYBODY = ("reelmill", "reelmill-unshared", "reelmill-at-bits", "reelmill-unshared-at-bits", "scripts", "fused-debian", "fused-static",
             "fused-static-single", "floor", "floor-unshared")


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def fail(text):
    say(f"FAILED: {text}")
    raise SystemExit(1)


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--contenders", default=",".join(EVERYBODY), metavar="A,B", help="which, in this order")
    parser.add_argument("--seconds", type=float, default=20, help="length of the clip (default 20)")
    parser.add_argument("--quick", action="store_true", help="a 6 s clip and few frames for VMAF: to see that everything works, not for figures")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--reelmill", type=Path, default=REPOSITORY / "build" / "release" / "reelmill")
    parser.add_argument("--crf", type=float, default=20.7, help="for youtube in reelmill-at-bits (default 20.7, found for 20 s)")
    parser.add_argument("--jobs", type=int, help="for reelmill run (its own choice by default)")
    parser.add_argument("--memory", metavar="SIZE", help="for reelmill run (its own choice by default)")
    parser.add_argument("--floor-pieces", type=int, default=os.cpu_count(), help="each encoder of the floor is cut in so many (default: one a core); 1 starts all at once")
    parser.add_argument("--vmaf", default="6/30", metavar="N/M", help="compare N of every M frames (default 6/30); 0 leaves VMAF out")
    parser.add_argument("--no-shake", action="store_true", help="leave out the shake (and VMAF, which needs it)")
    parser.add_argument("--work", type=Path, help="folder for the contenders' files, emptied first (default: a temporary one in .cache/bench)")
    parser.add_argument("--keep", action="store_true", help="keep the work folder")
    options = parser.parse_args()
    if options.quick:
        options.seconds, options.vmaf = min(options.seconds, 6), "2/30"
    options.contenders = [name.strip() for name in options.contenders.split(",") if name.strip()]
    if strangers := [name for name in options.contenders if name not in EVERYBODY]:
        parser.error(f"no contender is called {', '.join(strangers)}; there are {', '.join(EVERYBODY)}")
    options.vmaf = tuple(int(v) for v in options.vmaf.split("/")) if "/" in options.vmaf else (0, 1)
    return options


def prepare(options):
    needs_static = any(name in ("fused-static", "fused-static-single", "floor", "floor-unshared") for name in options.contenders) or options.vmaf[0]
    if needs_static and not STATIC.is_file():
        say("fetching the static ffmpeg")
        subprocess.run([REPOSITORY / "scripts" / "setup", "--bench"], check=True)
    if any(name.startswith("reelmill") for name in options.contenders) and not os.access(options.reelmill, os.X_OK):
        fail(f"{options.reelmill} is not there; run scripts/build release first, or leave reelmill out with --contenders")
    folder = CACHE / ("footage" if options.seconds == 20 else f"footage-{options.seconds:g}s")
    subprocess.run([sys.executable, REPOSITORY / "tools" / "make_footage.py", folder, "--seconds", f"{options.seconds:g}"], check=True, stdout=sys.stderr)
    return footages.load(folder)


@contextlib.contextmanager
def work_folder(options):
    if options.work:
        shutil.rmtree(options.work, ignore_errors=True)
        folder = options.work.resolve()
        folder.mkdir(parents=True)
    else:
        (CACHE / "bench").mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="work-", dir=CACHE / "bench"))
    try:
        yield folder
    finally:
        if options.keep:
            say(f"files kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def floor_frames(options, footage, folder):
    """Raw frames for the floor, in memory where there is room for them twice."""
    if not any(name.startswith("floor") for name in options.contenders):
        yield None
        return
    needed = sum({p.size: p.width * p.height * 3 // 2 * footage.frames for p in PLATFORMS}.values())
    available = int(next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemAvailable")).split()[1]) * 1024
    memory = Path("/dev/shm")
    in_memory = memory.is_dir() and shutil.disk_usage(memory).free > needed and available > 2 * needed
    raw = Path(tempfile.mkdtemp(prefix="reelmill-bench-", dir=memory if in_memory else folder))
    try:
        say(f"preparing {needed / 2**30:.1f} GiB of raw frames for the floor in {raw}")
        contenders.raw_frames(DEBIAN, str(options.reelmill.resolve()), footage.shaky, raw)
        yield raw
    finally:
        shutil.rmtree(raw, ignore_errors=True)


def kind_of(name):
    return name.split("-")[0]


def settings(name, options, footage, raw):
    kind = kind_of(name)
    if kind == "reelmill":
        run = ["--jobs", str(options.jobs)] if options.jobs else []
        run += ["--memory", options.memory] if options.memory else []
        run += ["--without", "share"] if "unshared" in name else []
        return {"reelmill": str(options.reelmill.resolve()), "run": run, "crf": options.crf if name.endswith("at-bits") else None}
    if kind == "scripts":
        return {"ffmpeg": DEBIAN}
    if kind == "fused":
        threads = {"threads": 1} if name.endswith("single") else {}  # otherwise x264's own choice
        return {"ffmpeg": str(STATIC if name.startswith("fused-static") else DEBIAN), **threads}
    return {"ffmpeg": DEBIAN, "raw": str(raw), "merged": name == "floor", "pieces": options.floor_pieces,
            "frames": footage.frames, "cores": os.cpu_count()}


def run_one(name, options, footage, folder, raw):
    folder.mkdir(parents=True)
    for kept in ("state", "cache"):
        (folder / kept).mkdir()
    environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state"), "XDG_CACHE_HOME": str(folder / "cache")}
    environment.pop("REELMILL_CACHE", None)
    command = [sys.executable, Path(contenders.__file__), kind_of(name), footage.shaky, folder, json.dumps(settings(name, options, footage, raw))]
    code, cost = measure([str(part) for part in command], environment)
    if code != 0:
        for log in sorted(folder.rglob("log.txt")):
            say(f"the end of {log}:\n" + log.read_text(errors="replace")[-2000:])
        options.keep = True
        fail(f"{name} ended with exit code {code}")
    files = contenders.delivered(kind_of(name), folder, footage.shaky)
    is_floor = kind_of(name) == "floor"
    if faults := deliverables.faults(files, footage.frames, sound=not is_floor, merged=name == "floor"):
        options.keep = True
        fail(f"{name} did not deliver what all have to deliver, so nothing is compared:\n  " + "\n  ".join(faults))
    return cost, files


def rounds(options, footage, folder, raw):
    costs, files = {name: [] for name in options.contenders}, {}
    for number in range(options.rounds):
        for name in options.contenders if number % 2 == 0 else reversed(options.contenders):
            here = folder / f"{name}-{number}"
            footage.shaky.read_bytes()  # in the page cache for everybody
            cost, delivered = run_one(name, options, footage, here, raw)
            costs[name].append(cost)
            say(f"round {number + 1}: {name}: {cost.wall:.1f} s, CPU {cost.cpu:.1f} s, {cost.peak_mib:.0f} MiB")
            if cost.steal_percent > 2 or cost.others > 0.1:
                say(f"  NOTE: the machine was not ours alone: others kept {cost.others:.2f} cores busy, steal {cost.steal_percent:.1f} %")
            if previous := files.get(name):
                shutil.rmtree(previous[0], ignore_errors=True)
            files[name] = here, delivered
    return costs, {name: delivered for name, (_, delivered) in files.items()}


def ratios(costs):
    """reelmill's variants against everybody: how many times the other's cost."""
    table = {}
    for ours in (name for name in costs if kind_of(name) == "reelmill"):
        for other in (name for name in costs if kind_of(name) != "reelmill"):
            pairs = list(zip(costs[ours], costs[other]))
            table.setdefault(ours, {})[other] = {
                "wall": statistics.median(o.wall / r.wall for r, o in pairs),
                "cpu": statistics.median(o.cpu / r.cpu for r, o in pairs),
                "memory": statistics.median(o.peak_mib / r.peak_mib for r, o in pairs),
            }
    return table


def judge(options, footage, files, scratch):
    """Shake and VMAF of each contender's youtube export."""
    results, seen = {}, {}
    for name in options.contenders:
        if kind_of(name) == "floor" or options.no_shake:
            continue
        video = files[name]["youtube"][0]
        digest = hashlib.sha256(video.read_bytes()).digest()
        if digest in seen:
            say(f"the youtube export of {name} is that of {seen[digest]}, byte for byte")
            results[name] = results[seen[digest]]
            continue
        seen[digest] = name
        say(f"measuring the shake left in {name}")
        found = shake.placements(video, footage)
        results[name] = {"shake": shake.measure(footage, found)}
        if results[name]["shake"]["correlation"]["least"] < 0.7:
            fail(f"{name}: a frame of {video} does not show what the same frame of the footage shows (correlation "
                 f"{results[name]['shake']['correlation']['least']:.2f}), so it was dropped, repeated or moved")
        if options.vmaf[0]:
            say(f"measuring the VMAF of {name}")
            results[name]["vmaf"] = quality.vmaf(str(STATIC), video, footage, found, *options.vmaf, scratch)
        if options.vmaf[0] and name == "scripts" and "reelmill" in files:
            say("measuring the VMAF of the scripts' clean-up at the bits of reelmill")
            equal = quality.at_bits_of(video.parent.parent / "clean.mp4", files["reelmill"]["youtube"][0], PLATFORMS[0], scratch / "equal.mp4", DEBIAN)
            scores = quality.vmaf(str(STATIC), equal, footage, found, *options.vmaf, scratch, ways=("aligned",))
            results[name]["at_bits_of_reelmill"] = {**scores["aligned"], "bytes": equal.stat().st_size}
        if options.vmaf[0] and name == "reelmill" and "scripts" in files:
            say("measuring the VMAF of reelmill at the bits of the scripts")
            wanted = files["scripts"]["youtube"][0].stat().st_size
            kept = shutil.copy(video, scratch / "kept.mp4")  # the project makes another under its name
            equal, crf = contenders.reelmill_at_bytes(str(options.reelmill.resolve()), video.parents[2], footage.shaky, wanted)
            scores = quality.vmaf(str(STATIC), equal, footage, found, *options.vmaf, scratch, ways=("aligned",))
            shutil.copy(kept, video)
            results[name]["at_bits_of_scripts"] = {**scores["aligned"], "bytes": equal.stat().st_size, "crf": crf}
    return results


def first_line(command):
    return subprocess.run(command, capture_output=True, text=True).stdout.split("\n")[0]


def machine():
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "unknown")
    return {"cpu": model, "cores": os.cpu_count(), "debian_ffmpeg": first_line([DEBIAN, "-version"]),
            "static_ffmpeg": first_line([str(STATIC), "-version"]) if STATIC.is_file() else None}


def main():
    options = arguments()
    footage = prepare(options)
    with work_folder(options) as folder:
        with floor_frames(options, footage, folder) as raw:
            costs, files = rounds(options, footage, folder, raw)
        judged = judge(options, footage, files, folder)
        report = {
            "machine": machine(),
            "clip": {"frames": footage.frames, "width": footage.width, "height": footage.height, "rate": str(footage.rate), "shots": footage.shots()},
            "rounds": options.rounds,
            "costs": {name: [{**dataclasses.asdict(c), "cpu": c.cpu} for c in several] for name, several in costs.items()},
            "bytes": {name: deliverables.sizes(delivered) for name, delivered in files.items()},
            "ratios": ratios(costs),
            "quality": judged,
        }
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    print_tables(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
