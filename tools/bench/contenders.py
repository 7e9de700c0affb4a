# SPDX-License-Identifier: GPL-3.0-or-later
"""The contenders, each a process of its own so that its whole tree can be measured.

    contenders.py NAME SOURCE FOLDER OPTIONS_JSON

runs NAME on SOURCE in the empty FOLDER. bench.py starts it; `delivered` says where the results then lie.
"""

import ctypes
import json
import math
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from platforms import AUDIO, DETECT, GRADE, PLATFORMS, RATE, SOUND, TRANSFORM, distinct_encodes, fit

PROJECT = "bench"


def call(command, folder):
    with open(folder / "log.txt", "ab") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n".encode())
        log.flush()
        subprocess.run(list(map(str, command)), cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True)


def set_crf(recipe, text, crf):
    """Writes the starter project `text` with another CRF for its youtube export."""
    recipe.write_text(text.replace("exports: [youtube,", f"exports: [youtube: {{ crf: {crf} }},"))


def reelmill(source, folder, options):
    """As a user starts: a new project, the footage copied into it, one run. Nothing is cached."""
    program = options["reelmill"]
    call([program, "new", PROJECT], folder)
    project = folder / PROJECT
    shutil.copy(source, project / "00_source" / "video" / "raw" / source.name)
    (project / "log.txt").touch()
    if crf := options.get("crf"):
        recipe = project / "reelmill.yaml"
        set_crf(recipe, recipe.read_text(), crf)
    call([program, "run", *options.get("run", [])], project)


def reelmill_at_bytes(program, project, source, wanted):
    """Raises the CRF of the youtube export of a finished project until its file has `wanted` bytes (−3 … +3 %) and returns (file, CRF).
    Only that export is made again. The project is left so."""
    film = project / "02_output" / "final" / f"{source.stem}_youtube.mp4"
    recipe = project / "reelmill.yaml"
    text = recipe.read_text()
    below, above = None, (18.0, film.stat().st_size)  # (CRF, bytes) on either side
    for _ in range(6):
        if below:
            share = (math.log(above[1]) - math.log(wanted)) / (math.log(above[1]) - math.log(below[1]))
            crf = above[0] + share * (below[0] - above[0])
        else:
            crf = above[0] + 6 * math.log2(above[1] / wanted)  # six steps halve a file, more or less
        crf = round(crf, 1)
        set_crf(recipe, text, crf)
        call([program, "run", "--only", "youtube"], project)
        size = film.stat().st_size
        if abs(size / wanted - 1) <= 0.03:
            return film, crf
        if size > wanted:
            above = crf, size
        else:
            below = crf, size
    raise RuntimeError(f"no CRF gives {wanted} bytes; {above[0]} gives {above[1]} and {below} less")


def scripts(source, folder, options):
    """The user's clean-up, then their exporter with its pad filter mended: one process for each step, three exports at a time."""
    ffmpeg = options["ffmpeg"]
    temp = folder / "temp"
    temp.mkdir()
    stabilised, graded, clean = temp / "stabilised.mp4", temp / "graded.mp4", folder / "clean.mp4"
    call([ffmpeg, "-i", source, "-vf", DETECT, "-f", "null", "-"], folder)
    call([ffmpeg, "-i", source, "-vf", TRANSFORM, "-c:a", "copy", "-y", stabilised], folder)
    call([ffmpeg, "-i", stabilised, "-vf", GRADE, "-c:a", "copy", "-y", graded], folder)
    call([ffmpeg, "-i", graded, "-af", SOUND, "-c:v", "copy", "-y", clean], folder)
    stabilised.unlink()
    graded.unlink()
    out = folder / "out"
    out.mkdir()

    def export(platform):
        call([ffmpeg, "-i", clean, "-vf", fit(*platform.size), "-r", RATE, *video_codec(platform), *AUDIO,
              "-y", out / f"{platform.name}.mp4"], folder)

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(export, PLATFORMS))


def video_codec(platform):
    return ["-c:v", "libx264", "-preset", platform.preset, "-crf", platform.crf, "-b:v", platform.bitrate]


def fused_graph(branches_of_size):
    """One decode, one clean-up, one scaling for each picture size. branches_of_size: {(width, height): [pad name, …]}"""
    sizes = list(branches_of_size)
    graph = [f"[0:v]{TRANSFORM}:input=motion.trf,{GRADE},fps={RATE},split={len(sizes)}" + "".join(f"[s{i}]" for i in range(len(sizes)))]
    for i, (size, names) in enumerate(branches_of_size.items()):
        split = f",split={len(names)}" if len(names) > 1 else ""
        graph.append(f"[s{i}]{fit(*size)}{split}" + "".join(f"[{name}]" for name in names))
    return graph


def detect(ffmpeg, source, folder):
    call([ffmpeg, "-y", "-i", source, "-an", "-vf", f"{DETECT}:result=motion.trf", "-f", "null", "-"], folder)


def fused(source, folder, options):
    """What somebody who knows ffmpeg well writes: two commands, nothing decoded, cleaned or scaled twice."""
    ffmpeg = options["ffmpeg"]
    out = folder / "out"
    out.mkdir()
    detect(ffmpeg, source, folder)
    sizes = {}
    for platform in PLATFORMS:
        sizes.setdefault(platform.size, []).append(platform.name)
    graph = fused_graph(sizes)
    graph.append(f"[0:a]{SOUND},asplit={len(PLATFORMS)}" + "".join(f"[{p.name}_a]" for p in PLATFORMS))
    command = [ffmpeg, "-y", "-i", source, "-filter_complex", ";".join(graph)]
    for platform in PLATFORMS:
        command += ["-map", f"[{platform.name}]", "-map", f"[{platform.name}_a]", *video_codec(platform)]
        command += ["-threads:v", options["threads"]] if "threads" in options else []
        command += [*AUDIO, out / f"{platform.name}.mp4"]
    call(command, folder)


def raw_frames(ffmpeg, reelmill_program, source, folder):
    """Prepares what the floor encodes: the frames that reelmill's encoders get, raw, one file for each picture size. They come
    from reelmill's own exports at CRF 1, so that floor and contender encode the same. Returns {size: path}."""
    call([reelmill_program, "new", "frames"], folder)
    project = folder / "frames"
    sizes = sorted({platform.size for platform in PLATFORMS})
    text = (project / "reelmill.yaml").read_text()
    lines = [line for line in text.splitlines() if not line.startswith(("exports:", "deliver:"))]
    lines += ["exports:"] + [f"  - f{w}x{h}: {{ resolution: {w}x{h}, preset: ultrafast, crf: 1 }}" for w, h in sizes]
    (project / "reelmill.yaml").write_text("\n".join(lines) + "\n")
    shutil.copy(source, project / "00_source" / "video" / "raw" / source.name)
    (project / "log.txt").touch()
    call([reelmill_program, "run"], project)
    paths = {}
    for w, h in sizes:
        paths[(w, h)] = folder / f"{w}x{h}.yuv"
        film = project / "02_output" / "final" / f"{source.stem}_f{w}x{h}.mp4"
        call([ffmpeg, "-y", "-i", film, "-map", "0:v", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", paths[(w, h)]], folder)
    shutil.rmtree(project)
    return paths


def floor(source, folder, options):
    """The encoders alone, fed raw frames, one thread each. Each is cut in `pieces`, the longest work first, so that no core
    idles: no pipeline with these encoders can be faster."""
    encodes = distinct_encodes() if options["merged"] else PLATFORMS
    pieces, frames = options["pieces"], options["frames"]
    out = folder / "out"
    out.mkdir()
    effort = {"slow": 3, "medium": 2, "fast": 1}
    jobs = []
    for platform in sorted(encodes, key=lambda p: (effort[p.preset], p.width * p.height), reverse=True):
        for piece in range(pieces):
            first, last = frames * piece // pieces, frames * (piece + 1) // pieces
            jobs.append((platform, piece, first, last - first))

    def encode(job):
        platform, piece, first, count = job
        width, height = platform.size
        call([options["ffmpeg"], "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}", "-r", RATE,
              "-skip_initial_bytes", first * width * height * 3 // 2, "-i", Path(options["raw"]) / f"{width}x{height}.yuv",
              "-frames:v", count, *video_codec(platform), "-threads", 1, out / f"{platform.name}.{piece}.mp4"], folder)

    with ThreadPoolExecutor(max_workers=options["cores"] if pieces > 1 else len(jobs)) as pool:
        list(pool.map(encode, jobs))


RUNNERS = {"reelmill": reelmill, "scripts": scripts, "fused": fused, "floor": floor}


def delivered(kind, folder, source):
    """{platform: [files]} of a finished run."""
    if kind == "reelmill":
        final = folder / PROJECT / "02_output" / "final"
        return {p.name: [final / f"{source.stem}_{p.name}.mp4"] for p in PLATFORMS}
    if kind == "floor":
        return {p.name: sorted((folder / "out").glob(f"{p.name}.*.mp4")) for p in PLATFORMS if any((folder / "out").glob(f"{p.name}.*.mp4"))}
    return {p.name: [folder / "out" / f"{p.name}.mp4"] for p in PLATFORMS}


def main():
    kind, source, folder, options = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), json.loads(sys.argv[4])
    subreaper = 36
    ctypes.CDLL(None).prctl(subreaper, 1, 0, 0, 0)  # so that a grandchild left behind is still counted
    try:
        RUNNERS[kind](source, folder, options)
    except subprocess.CalledProcessError as failure:
        print(f"bench: {kind}: exit {failure.returncode} from {' '.join(failure.cmd)[:300]}", file=sys.stderr)
        return 1
    finally:
        while True:
            try:
                os.wait()
            except ChildProcessError:
                break
    return 0


if __name__ == "__main__":
    sys.exit(main())
