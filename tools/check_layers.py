#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that the folders of src/ keep their layers (docs/map.md).

    tools/check_layers.py [SRC] [REELMILL]

A file includes its own folder and folders to the left, by their path from src/. Media libraries appear in src/av only, Whisper in src/speech only.
No file has more than 450 lines. With REELMILL, the built front: it is linked with no media library.
"""
import pathlib
import re
import subprocess
import sys

FRONT = ["base", "graph", "captions", "ops", "project", "plan", "run", "report", "cli"]
WORKER = ["base", "graph", "av", "sync", "speech", "exec"]
LINES = 450
OWN = re.compile(r'\s*#\s*include\s+"([^"]+)"')
FOREIGN = {"av": re.compile(r"\s*#\s*include\s+<((?:libav|libsw|libpostproc|vid\.stab|ebur128)[^>]*)>"),
           "speech": re.compile(r"\s*#\s*include\s+<((?:whisper|ggml|gguf)[^>]*)>")}
MEDIA = re.compile(r"lib(av|sw|postproc|vidstab|ebur128|x26|whisper|ggml)[\w-]*\.so\S*")


def allowed(folder):
    return {left for order in (FRONT, WORKER) if folder in order for left in order[: order.index(folder) + 1]}


def faults_in(src):
    for path in sorted(p for p in src.rglob("*") if p.suffix in (".cc", ".h")):
        name = path.relative_to(src)
        folder = name.parts[0]
        if not allowed(folder):
            yield f"{name}: '{folder}' is no layer; known are {', '.join(dict.fromkeys(FRONT + WORKER))}"
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > LINES:
            yield f"{name}: {len(lines)} lines, more than {LINES}; it is probably two files"
        for number, line in enumerate(lines, 1):
            if found := OWN.match(line):
                included = found[1]
                if not (src / included).is_file():
                    yield f'{name}:{number}: "{included}" is not a path from src/'
                elif included.split("/")[0] not in allowed(folder):
                    yield f'{name}:{number}: \'{folder}\' must not include "{included}"'
            for home, pattern in FOREIGN.items():
                if (found := pattern.match(line)) and folder != home:
                    yield f"{name}:{number}: <{found[1]}> belongs in src/{home} only"


def linked_media(program):
    listing = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    for found in sorted({match[0] for match in MEDIA.finditer(listing)}):
        yield f"{program}: is linked with {found}; only the worker may be"


def main():
    src = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent / "src")
    faults = list(faults_in(src))
    for program in sys.argv[2:]:
        faults += linked_media(program)
    print("\n".join(faults) or "layers: all includes point to the left")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
