#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a Whisper model that is in CTranslate2's format as the ggml file that whisper.cpp reads.

    tools/convert_whisper.py MODEL.bin TOKENIZER.json OUT.bin

The weights stay what they are, halves stay halves. Nothing but numpy is needed.
"""
import json
import pathlib
import struct
import sys

import numpy

TYPES = {0: numpy.float32, 1: numpy.int8, 2: numpy.int16, 3: numpy.int32, 4: numpy.float16}
MAGIC, HALVES = 0x67676D6C, 1
NAMES = {"self_attention": "attn", "attention": "cross_attn"}


def read_variables(path):
    data = memoryview(path.read_bytes())
    at = 0

    def take(form):
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values if len(values) != 1 else values[0]

    def text():
        return take(f"{take('H')}s").rstrip(b"\0").decode()

    take("I")
    if (spec := text()) != "WhisperSpec":
        raise SystemExit(f"{path}: holds a {spec}, not a Whisper model")
    _, count = take("II")
    variables = {}
    for _ in range(count):
        name, rank = text(), take("B")
        shape = [take("I") for _ in range(rank)]
        kind, size = take("BI")
        variables[name] = numpy.frombuffer(data[at:at + size], TYPES[kind]).reshape(shape)
        at += size
    return variables


def attention(inside, outside, variables):
    """Query, key and value lie stacked; Whisper's key has no bias."""
    first = [variables[f"{inside}/linear_0/{what}"] for what in ("weight", "bias")]
    crosses = f"{inside}/linear_2/weight" in variables
    if crosses:
        rest = [variables[f"{inside}/linear_1/{what}"] for what in ("weight", "bias")]
        query, (key, value) = first, zip(*(numpy.split(part, 2) for part in rest))
    else:
        query, key, value = zip(*(numpy.split(part, 3) for part in first))
    out = f"{inside}/linear_{2 if crosses else 1}"
    yield f"{outside}.query.weight", query[0]
    yield f"{outside}.query.bias", query[1]
    yield f"{outside}.key.weight", key[0]
    yield f"{outside}.value.weight", value[0]
    yield f"{outside}.value.bias", value[1]
    yield f"{outside}.out.weight", variables[f"{out}/weight"]
    yield f"{outside}.out.bias", variables[f"{out}/bias"]


def norm(inside, outside, variables):
    yield f"{outside}.weight", variables[f"{inside}/gamma"]
    yield f"{outside}.bias", variables[f"{inside}/beta"]


def tensors(variables, layers):
    yield "encoder.positional_embedding", variables["encoder/position_encodings/encodings"]
    for conv in ("conv1", "conv2"):
        yield f"encoder.{conv}.weight", variables[f"encoder/{conv}/weight"]
        yield f"encoder.{conv}.bias", variables[f"encoder/{conv}/bias"].reshape(-1, 1)
    yield from norm("encoder/layer_norm", "encoder.ln_post", variables)
    yield "decoder.positional_embedding", variables["decoder/position_encodings/encodings"]
    yield "decoder.token_embedding.weight", variables["decoder/embeddings/weight"]
    yield from norm("decoder/layer_norm", "decoder.ln", variables)
    for half in ("encoder", "decoder"):
        for number in range(layers[half]):
            inside, outside = f"{half}/layer_{number}", f"{half}.blocks.{number}"
            for kind in ("self_attention",) if half == "encoder" else ("self_attention", "attention"):
                yield from attention(f"{inside}/{kind}", f"{outside}.{NAMES[kind]}", variables)
                yield from norm(f"{inside}/{kind}/layer_norm", f"{outside}.{NAMES[kind]}_ln", variables)
            for linear, mlp in (("linear_0", "0"), ("linear_1", "2")):
                yield f"{outside}.mlp.{mlp}.weight", variables[f"{inside}/ffn/{linear}/weight"]
                yield f"{outside}.mlp.{mlp}.bias", variables[f"{inside}/ffn/{linear}/bias"]
            yield from norm(f"{inside}/ffn/layer_norm", f"{outside}.mlp_ln", variables)


def mel_filters(bands, rate=16000, size=400):
    """Slaney's: linear below 1 kHz, logarithmic above, each triangle of the same area."""
    step, knee = 200 / 3, 1000
    log_step = numpy.log(6.4) / 27
    top = knee / step + numpy.log(rate / 2 / knee) / log_step
    mels = numpy.linspace(0, top, bands + 2)
    edges = numpy.where(mels < knee / step, mels * step, knee * numpy.exp(log_step * (mels - knee / step)))
    bins = numpy.linspace(0, rate / 2, size // 2 + 1)
    slopes = edges[:, None] - bins[None, :]
    widths = numpy.diff(edges)
    rising, falling = -slopes[:-2] / widths[:-1, None], slopes[2:] / widths[1:, None]
    filters = numpy.maximum(0, numpy.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    return filters.astype(numpy.float32)


def vocabulary(path):
    """The bytes of each token; the tokenizer's file shows bytes as characters that can be printed."""
    shown = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    byte_of = {chr(byte): byte for byte in shown}
    byte_of |= {chr(256 + number): byte for number, byte in enumerate(b for b in range(256) if b not in shown)}
    words = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
    words.pop("<|endoftext|>", None)
    ordered = sorted((number, word) for word, number in words.items() if not (word.startswith("<|") and word.endswith("|>")))
    return [bytes(byte_of[character] for character in word) for _, word in ordered]


def convert(model, tokenizer, out):
    variables = read_variables(model)
    layers = {half: sum(name.startswith(f"{half}/layer_") and name.endswith("self_attention/linear_0/bias") for name in variables)
              for half in ("encoder", "decoder")}
    heads = {half: int(variables[f"{half}/num_heads"]) for half in layers}
    words, width = variables["decoder/embeddings/weight"].shape
    bands = variables["encoder/conv1/weight"].shape[1]
    filters, known = mel_filters(bands), vocabulary(tokenizer)
    with out.open("wb") as file:
        file.write(struct.pack("<12i", MAGIC, words, len(variables["encoder/position_encodings/encodings"]), width, heads["encoder"],
                               layers["encoder"], len(variables["decoder/position_encodings/encodings"]), width, heads["decoder"],
                               layers["decoder"], bands, HALVES))
        file.write(struct.pack("<2i", *filters.shape) + filters.tobytes())
        file.write(struct.pack("<i", len(known)) + b"".join(struct.pack("<i", len(word)) + word for word in known))
        for name, values in tensors(variables, layers):
            is_half = values.ndim > 1 and values.shape[1] > 1 and "positional" not in name
            file.write(struct.pack("<3i", values.ndim, len(name), int(is_half)) + struct.pack(f"<{values.ndim}i", *values.shape[::-1]))
            file.write(name.encode() + values.astype(numpy.float16 if is_half else numpy.float32).tobytes())


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    convert(*map(pathlib.Path, sys.argv[1:]))
