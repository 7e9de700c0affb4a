# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the tools that make mutants."""
import argparse
import pathlib


def write_mutants(description, mutants):
    """`mutants(files, count, seed)` gives names and bytes; FOLDER COUNT FILE... are the arguments."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("count", type=int)
    parser.add_argument("file", nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for name, data in mutants(wanted.file, wanted.count, wanted.seed):
        (wanted.folder / name).write_bytes(data)
