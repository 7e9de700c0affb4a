#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes damaged media out of good media, the same ones for the same seed.

    mutate_media.py FOLDER COUNT [--seed N] FILE …
"""
import pathlib
import random
import re
import struct

from write_mutants import write_mutants

BOX = re.compile(rb"moov|trak|mdia|mdhd|hdlr|minf|stbl|stsd|stts|ctts|stsc|stsz|stco|elst|edts|tkhd|mvhd|avcC|esds|dref|mdat|"
                 rb"RIFF|LIST|strh|strf|idx1|movi|avih|00dc|01wb|data|fmt ")
EXTREMES = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff]


def flip_bits(data, rng, _):
    for _ in range(rng.choice((1, 3, 20, 200))):
        at = rng.randrange(len(data))
        data[at] ^= 1 << rng.randrange(8)


def cut(data, rng, _):
    del data[rng.randrange(len(data)):]


def cut_out(data, rng, _):
    at = rng.randrange(len(data))
    del data[at:at + rng.randrange(1, 2000)]


def splice(data, rng, others):
    other = rng.choice(others)
    data[rng.randrange(len(data)):] = other[rng.randrange(len(other)):]


def repeat(data, rng, _):
    at = rng.randrange(len(data))
    piece = data[at:at + rng.randrange(1, 5000)]
    data[at:at] = piece * rng.randrange(1, 4)


def noise_in_head(data, rng, _):
    length = min(len(data), rng.choice((64, 512, 4096)))
    for _ in range(rng.randrange(1, 16)):
        data[rng.randrange(length)] = rng.randrange(256)


def noise(data, rng, _):
    at = rng.randrange(len(data))
    data[at:at + 64] = rng.randbytes(len(data[at:at + 64]))


def zeros(data, rng, _):
    at = rng.randrange(len(data))
    length = min(rng.randrange(1, 4096), len(data) - at)
    data[at:at + length] = bytes(length)


def box_at(data, rng):
    places = [match.start() for match in BOX.finditer(bytes(data))]
    return rng.choice(places) if places else None


def box_size(data, rng, _):
    at = box_at(data, rng)
    if at is None or at < 4:
        return noise_in_head(data, rng, _)
    where = rng.choice((at - 4, at + 4))
    data[where:where + 4] = struct.pack(rng.choice("<>") + "I", rng.choice(EXTREMES))


def box_field(data, rng, _):
    at = box_at(data, rng)
    if at is None:
        return noise_in_head(data, rng, _)
    where = at + 4 + 4 * rng.randrange(10)
    data[where:where + 4] = struct.pack(rng.choice("<>") + "I", rng.choice(EXTREMES))


def box_twice(data, rng, _):
    at = box_at(data, rng)
    if at is None or at < 4:
        return repeat(data, rng, _)
    size = struct.unpack(">I", data[at - 4:at])[0]
    piece = data[at - 4:at - 4 + min(size, 100000)]
    data[at - 4:at - 4] = piece


def box_name(data, rng, _):
    at = box_at(data, rng)
    if at is None:
        return noise(data, rng, _)
    data[at:at + 4] = rng.choice((b"free", b"moov", b"trak", b"stbl", b"mdat", b"LIST", b"\0\0\0\0"))


CHANGES = [flip_bits, cut, cut_out, splice, repeat, noise_in_head, noise, zeros, box_size, box_size, box_field, box_field, box_twice, box_name]


def mutants(files, count, seed=1):
    """(name, bytes) of `count` mutants; the changes take turns, so that few mutants have every kind of them already."""
    rng = random.Random(seed)
    files = [pathlib.Path(file) for file in files]
    whole = [file.read_bytes() for file in files]
    for number in range(count):
        which = rng.randrange(len(files))
        change = CHANGES[number % len(CHANGES)]
        data = bytearray(whole[which])
        change(data, rng, whole)
        if rng.random() < 0.2 and data:
            rng.choice(CHANGES)(data, rng, whole)
        yield "%03d-%s%s" % (number, change.__name__.replace("_", "-"), files[which].suffix), bytes(data)


if __name__ == "__main__":
    write_mutants(__doc__, mutants)
