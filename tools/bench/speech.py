#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges `reelmill transcribe` on speech whose text is known, and beside it two public tools with the same weights.

    tools/bench/speech.py REELMILL words  [--half a|b|both] [--model base]      word error rate
    tools/bench/speech.py REELMILL race   [--rounds 3] [--half a|b|both]         the same and the wall time, tools taking turns
    tools/bench/speech.py REELMILL starts [--half a|b|both]                     when words begin, where that is known
    tools/bench/speech.py REELMILL nothing                                      music, noise, tones and silence

The speech is that of Asterisk's English prompts of five seconds and more, which `scripts/setup --bench` fetches with the tools. Half a was
for tuning, half b was held out. Texts are compared in lower case and without signs, numbers as
digits, * and # as the words that are said.
"""
import argparse
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import wave
import zlib

import numpy

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BENCH = REPOSITORY / ".cache" / "bench"
sys.path.insert(0, str(REPOSITORY / "tests" / "fixtures"))
import sync_media as media  # noqa: E402

NUMBERS = {word: str(number) for number, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve".split())}
FASTER = """
import json, sys
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[1], device="cpu", compute_type="float32", cpu_threads=2)
for path in sys.argv[2:]:
    segments, _ = model.transcribe(path, language="en")
    print(json.dumps({"path": path, "text": " ".join(segment.text for segment in segments)}), flush=True)
"""


def plain(text):
    text = re.sub(r"\[[^]]*\]|\([^)]*\)", " ", text.lower()).replace("’", "'").replace("'", "")
    text = text.replace("*", " star ").replace("#", " pound ")
    return [NUMBERS.get(word, word) for word in re.findall(r"[a-z0-9]+", text)]


def errors(said, meant):
    """Substitutions, insertions and deletions, and which words of both stand for each other."""
    table = numpy.zeros((len(meant) + 1, len(said) + 1), int)
    table[:, 0], table[0, :] = range(len(meant) + 1), range(len(said) + 1)
    for i, word in enumerate(meant, 1):
        for j, other in enumerate(said, 1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (word != other))
    i, j, pairs = len(meant), len(said), []
    while i and j:
        if table[i, j] == table[i - 1, j - 1] + (meant[i - 1] != said[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif table[i, j] == table[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return int(table[-1, -1]), pairs[::-1]


def prompts(half, least=5.0, most=1e9):
    """Name → (file, text, seconds)."""
    texts = {}
    for path in (BENCH / "speech").rglob("core-sounds-en.txt.gz"):
        for line in gzip.decompress(path.read_bytes()).decode("utf-8", "replace").splitlines():
            if ":" in line and not line.startswith(";"):
                name, text = line.split(":", 1)
                texts[name.strip()] = text.strip()
    root = BENCH / "speech" / "asterisk-core-sounds-en-wav"
    out = {}
    for file in sorted(root.rglob("*.wav")):
        name = str(file.relative_to(root)).split("en_US_f_Allison/")[-1][:-4]
        with wave.open(str(file)) as sound:
            seconds = sound.getnframes() / sound.getframerate()
        text = texts.get(name, "")
        if not least <= seconds <= most or not plain(text) or re.search(r"silence|tone", name):
            continue
        if half == "both" or half == "ab"[zlib.crc32(name.encode()) % 2]:
            out[name] = (file, text, seconds)
    return out


def linked(cases, folder):
    """The prompts under names that differ, so that outputs do."""
    files = {}
    for name, (file, _, _) in cases.items():
        files[name] = folder / (name.replace("/", "+") + ".wav")
        files[name].symlink_to(file)
    return files


def ours(reelmill, files, folder, model, extra=()):
    subprocess.run([reelmill, "transcribe", *map(str, files.values()), "-o", str(folder) + "/", "--language", "en", "--model", model,
                    "--json", *extra], check=True, stdout=subprocess.DEVNULL)
    return {name: json.loads((folder / (file.stem + ".json")).read_text()) for name, file in files.items()}


def text_of(transcript):
    return " ".join(segment["text"] for segment in transcript["segments"])


def of_cli(files, folder, model):
    subprocess.run([BENCH / "whisper-cli", "-m", REPOSITORY / f".cache/models/ggml-{model}.bin", "-t", "2", "-l", "en", "-np", "-otxt",
                    *(word for file in files.values() for word in ("-f", str(file)))], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return {name: file.with_name(file.name + ".txt").read_text() for name, file in files.items()}


def of_faster(files, folder, model):
    done = subprocess.run([BENCH / "faster-whisper/bin/python3", "-c", FASTER, str(BENCH / "faster-whisper" / model), *map(str, files.values())],
                          check=True, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "2"})
    names = {str(file): name for name, file in files.items()}
    return {names[line["path"]]: line["text"] for line in map(json.loads, done.stdout.splitlines())}


def rate_of(texts, cases, show=False):
    wrong = total = 0
    for name, (_, text, _) in cases.items():
        meant, said = plain(text), plain(texts[name])
        count, _ = errors(said, meant)
        wrong, total = wrong + count, total + len(meant)
        if show and count:
            print(f"  {name}: {count} of {len(meant)}\n    meant {' '.join(meant)}\n    said  {' '.join(said)}")
    return wrong, total


def words(options):
    cases = prompts(options.half)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        began = time.monotonic()
        found = ours(options.reelmill, linked(cases, folder), folder, options.model)
        took = time.monotonic() - began
    wrong, total = rate_of({name: text_of(each) for name, each in found.items()}, cases, options.show)
    for name, each in found.items():
        for note in each["notes"]:
            print(f"  {name}: {note}")
    print(f"half {options.half}, {options.model}: {len(cases)} prompts, {sum(c[2] for c in cases.values()):.0f} s, {wrong} of {total} words wrong, "
          f"{100 * wrong / total:.2f} %, {took:.1f} s")


def race(options):
    cases = prompts(options.half)
    tools = {"reelmill": lambda files, folder: {name: text_of(each) for name, each in ours(options.reelmill, files, folder, options.model).items()},
             "whisper-cli": lambda files, folder: of_cli(files, folder, options.model),
             "faster-whisper float32": lambda files, folder: of_faster(files, folder, options.model)}
    if not (BENCH / "whisper-cli").is_file():
        print("whisper-cli is not there; scripts/setup --bench builds it")
        del tools["whisper-cli"]
    times, cores, texts = {name: [] for name in tools}, {name: [] for name in tools}, {}
    for number in range(options.rounds):
        for tool in list(tools)[::1 if number % 2 == 0 else -1]:
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                files = linked(cases, folder)
                began, before = time.monotonic(), os.times()
                texts[tool] = tools[tool](files, folder)
                times[tool].append(time.monotonic() - began)
                after = os.times()
                cores[tool].append(after.children_user + after.children_system - before.children_user - before.children_system)
                print(f"round {number}: {tool} {times[tool][-1]:.1f} s, {cores[tool][-1]:.1f} s of processors", flush=True)
    print(f"\n{len(cases)} prompts, {sum(c[2] for c in cases.values()):.0f} s, model {options.model}, {os.cpu_count()} cores\n")
    print("| | wall s | to reelmill | processors s | to reelmill | words wrong | half a | half b |\n|---|---:|---:|---:|---:|---:|---:|---:|")
    for tool in tools:
        wall, cpu = (numpy.median([theirs / mine for theirs, mine in zip(kind[tool], kind["reelmill"])]) for kind in (times, cores))
        rates = []
        for half in ("both", "a", "b"):
            part = {name: case for name, case in cases.items() if name in prompts(half)}
            wrong, total = rate_of(texts[tool], part)
            rates.append(f"{100 * wrong / total:.2f} %")
        print(f"| {tool} | {numpy.median(times[tool]):.1f} | {wall:.2f} | {numpy.median(cores[tool]):.1f} | {cpu:.2f} | {' | '.join(rates)} |")


def trimmed(file):
    """Without what is silent around it; 16 kHz."""
    samples = media.read_wave(file)
    loud = numpy.sqrt(numpy.convolve(samples ** 2, numpy.ones(160) / 160, "same"))
    where = numpy.nonzero(loud > loud.max() * 0.03)[0]
    return samples[where[0]:where[-1]]


def starts(options):
    cases = prompts(options.half, 1.0, 12.0)
    random = numpy.random.default_rng(11)
    names = list(cases)
    random.shuffle(names)
    off, ends, confident = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        files, truth = {}, {}
        for number in range(0, len(names), 40):
            part, at, meant = [], 0, []
            for name in names[number:number + 40]:
                rest = numpy.zeros(int(random.choice([0.15, 0.3, 0.5, 1.0, 2.5, 6.0]) * media.RATE))
                samples = trimmed(cases[name][0])
                at += len(rest)
                meant.append((at / media.RATE, (at + len(samples)) / media.RATE, plain(cases[name][1])))
                part += [rest, samples]
                at += len(samples)
            sound = numpy.concatenate(part)
            sound = sound + random.standard_normal(len(sound)) * 10 ** (-options.noise / 20) * numpy.sqrt(numpy.mean(sound ** 2))
            files[number] = folder / f"{number}.wav"
            media.write_wave(files[number], media.level(sound), media.RATE)
            truth[number] = meant
        for number, found in ours(options.reelmill, files, folder, options.model).items():
            said = [(plain(word["text"]), word) for segment in found["segments"] for word in segment["words"]]
            flat = [(piece, word) for pieces, word in said for piece in pieces]
            meant = [(piece, begin if i == 0 else None, end if i == len(pieces) - 1 else None)
                     for begin, end, pieces in truth[number] for i, piece in enumerate(pieces)]
            _, pairs = errors([piece for piece, _ in flat], [piece for piece, _, _ in meant])
            for i, j in pairs:
                if meant[i][0] != flat[j][0]:
                    continue
                if meant[i][1] is not None:
                    off.append(flat[j][1]["start"] - meant[i][1])
                    confident.append(flat[j][1]["confidence"])
                    if options.show and abs(off[-1]) > 0.3:
                        print(f"  {number}: '{meant[i][0]}' begins at {meant[i][1]:.2f}, said {flat[j][1]['start']:.2f}")
                if meant[i][2] is not None:
                    ends.append(flat[j][1]["end"] - meant[i][2])
    for name, values in (("begin", off), ("end", ends)):
        values = numpy.array(values) * 1e3
        print(f"words {name}: {len(values)} known borders, median {numpy.median(numpy.abs(values)):.0f} ms off, 90 % within "
              f"{numpy.percentile(numpy.abs(values), 90):.0f} ms, {100 * numpy.mean(numpy.abs(values) <= 120):.0f} % within 120 ms, bias {numpy.median(values):+.0f} ms")


def nothing(options):
    rate, random = media.RATE, numpy.random.default_rng(3)
    seconds = 40
    t = numpy.arange(seconds * rate) / rate
    pink = numpy.cumsum(random.standard_normal(len(t)))
    pink -= numpy.convolve(pink, numpy.ones(2000) / 2000, "same")
    chords = sum(numpy.sin(2 * numpy.pi * 220 * 2 ** (step / 12) * t) * (0.5 + 0.5 * numpy.sin(2 * numpy.pi * 2 * t)) for step in (0, 4, 7, 11))
    sounds = {"silence": t * 0, "white noise": random.standard_normal(len(t)), "brown noise": pink, "a sine": numpy.sin(2 * numpy.pi * 440 * t),
              "chords": chords, "clicks": (random.random(len(t)) < 3 / rate).astype(float)}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        files = {}
        for name, samples in sounds.items():
            files[name] = folder / (name.replace(" ", "-") + ".wav")
            media.write_wave(files[name], samples / max(1e-9, numpy.abs(samples).max()) * 0.3 if samples.any() else samples, rate)
        files["monkeys"] = folder / "monkeys.wav"
        files["monkeys"].symlink_to(next((BENCH / "speech").rglob("tt-monkeys.wav")))
        files["music (Big Buck Bunny)"] = folder / "bunny.mp4"
        files["music (Big Buck Bunny)"].symlink_to(REPOSITORY / ".cache/sources/bigbuckbunny.mp4")
        for name, found in ours(options.reelmill, files, folder, options.model).items():
            print(f"{name}: {sum(len(s['words']) for s in found['segments'])} words, {len(found['speech'])} islands {text_of(found)} {found['notes']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reelmill")
    parser.add_argument("what", choices=("words", "race", "starts", "nothing"))
    parser.add_argument("--half", choices=("a", "b", "both"), default="both")
    parser.add_argument("--model", default="base")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--noise", type=float, default=40, help="dB below the speech, of starts")
    parser.add_argument("--show", action="store_true", help="what is wrong")
    options = parser.parse_args()
    globals()[options.what](options)


if __name__ == "__main__":
    main()
