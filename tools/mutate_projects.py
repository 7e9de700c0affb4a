#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes damaged project files out of good ones, the same ones for the same seed.

    mutate_projects.py FOLDER COUNT [--seed N] FILE …
"""
import pathlib
import random
import re

from write_mutants import write_mutants

WORDS = ["{", "}", "[", "]", ":", ": ", "-", "- ", "#", "&a", "*a", "!!binary", "!", "|", ">", "'", '"', "%", "@", "`", "?", "---", "...",
         "\t", "\r\n", "\0", "\x1b[31m", "\ufeff", "\u202e", "null", "~", "true", ".inf", "-.nan", "0x10", "1e999", "-1",
         "9223372036854775808", "1" * 400, "../" * 20, "{name}", "{", "<<: *a", "é", "1920x1081", "0 Hz", "50 %", "8 MB"]
NUMBER = re.compile(r"\d+(\.\d+)?")
KEY = re.compile(r"(\w+):")


def letter(text, rng, _):
    at = rng.randrange(len(text))
    return text[:at] + chr(rng.choice((rng.randrange(32, 127), rng.randrange(0, 32), rng.randrange(128, 0x3000)))) + text[at + 1:]


def swap(text, rng, _):
    at = rng.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2:]


def leave_out(text, rng, _):
    at = rng.randrange(len(text))
    return text[:at] + text[at + rng.randrange(1, 20):]


def word(text, rng, _):
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(WORDS) + text[at:]


def number(text, rng, _):
    found = list(NUMBER.finditer(text))
    if not found:
        return word(text, rng, _)
    one = rng.choice(found)
    return text[:one.start()] + rng.choice(WORDS[-16:] + ["0", "-5", "1000000", "x", ""]) + text[one.end():]


def key(text, rng, _):
    found = list(KEY.finditer(text))
    if not found:
        return word(text, rng, _)
    one = rng.choice(found)
    name = one.group(1)
    at = rng.randrange(len(name))
    return text[:one.start()] + rng.choice((name[:at] + name[at + 1:], name + name, name.upper(), "")) + text[one.end() - 1:]


def line_again(text, rng, _):
    lines = text.splitlines(True)
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return "".join(lines)


def line_gone(text, rng, _):
    lines = text.splitlines(True)
    del lines[rng.randrange(len(lines))]
    return "".join(lines)


def indent(text, rng, _):
    lines = text.splitlines(True)
    at = rng.randrange(len(lines))
    lines[at] = rng.choice((" ", "  ", "\t", "      ")) + lines[at] if rng.random() < 0.6 else lines[at].lstrip()
    return "".join(lines)


def splice(text, rng, others):
    other = rng.choice(others)
    return text[:rng.randrange(len(text))] + other[rng.randrange(len(other)):]


CHANGES = [letter, swap, leave_out, word, number, key, line_again, line_gone, indent, splice]


def mutants(files, count, seed=1):
    """(name, bytes) of `count` mutants."""
    rng = random.Random(seed)
    texts = [pathlib.Path(file).read_text() for file in files]
    for at in range(count):
        change = CHANGES[at % len(CHANGES)]
        text = change(rng.choice(texts), rng, texts)
        while rng.random() < 0.4 and len(text) > 2:
            text = rng.choice(CHANGES)(text, rng, texts)
        data = bytearray(text.encode())
        if rng.random() < 0.1 and data:
            data[rng.randrange(len(data))] = rng.randrange(256)
        yield "%03d-%s.yaml" % (at, change.__name__.replace("_", "-")), bytes(data)


if __name__ == "__main__":
    write_mutants(__doc__, mutants)
