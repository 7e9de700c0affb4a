#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges `reelmill captions sync` on films whose lines are known, and beside it a public tool.

    tools/bench/captions_sync.py REELMILL [--cases 60] [--half held] [--model NAME] [--jobs 2] [--peer .cache/bench/ffsubsync/bin/ffsubsync]

A film is ten minutes and more of Asterisk's prompts in one of five languages, in sentences and scenes, with music under some and between others (what
`scripts/setup --bench` fetches). Its captions begin within a tenth of a second of a line, linger, join lines, leave lines out and name sounds.
They are then shifted by up to a minute, slowed down or sped up by 25/23.976, or the film gets or loses scenes; others are another film's, or in English for a film
in another language. Cases of odd numbers were for tuning, those of even ones are held out; a case of a number is always the same.
"""
import argparse
import gzip
import json
import multiprocessing
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import wave

import numpy

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "fixtures"))
import sync_media as media  # noqa: E402

RATE = media.RATE
KINDS = ("shifted", "scaled", "cut", "translated", "in sync", "other")
NTSC = 25 / (24000 / 1001)
FRAME = int(0.01 * RATE)
# As it is, and told to look for cuts and to refuse what it finds implausible.
PEERS = {"ffsubsync": [],
         "ffsubsync, splits": ["--split-penalty", "--skip-sync-on-low-quality", "--quality-max-offset-seconds", "600"]}


def prompts_of(folder, texts):
    """Language → [(name, samples without the silence around, English text)]."""
    out = {}
    for name, samples in media.prompts_in(folder).items():
        language = re.search(r"/(en|es|fr|it|ru)_[A-Z]{2}_", name)
        key = name.split("/sounds/")[-1].split("/", 1)[-1][:-4]
        if not language or key not in texts or re.search(r"tone|beep|ring|music|silence|monkey", key):
            continue
        frames = samples[:len(samples) // FRAME * FRAME].reshape(-1, FRAME)
        loud = numpy.sqrt((frames ** 2).mean(axis=1))
        heard = numpy.nonzero(loud > 0.03 * loud.max())[0]
        part = samples[heard[0] * FRAME:(heard[-1] + 1) * FRAME]
        if len(part) > 7 * RATE:
            continue
        out.setdefault(language[1], []).append((key, part / max(1e-3, numpy.sqrt((part ** 2).mean())) * 0.1, texts[key]))
    return out


def texts_of(folder):
    out = {}
    for path in pathlib.Path(folder).rglob("core-sounds-en.txt.gz"):
        for line in gzip.decompress(path.read_bytes()).decode("utf-8", "replace").splitlines():
            if ":" in line and not line.startswith(";"):
                name, text = line.split(":", 1)
                text = re.sub(r"\[.*?\]|\(.*?\)", " ", text).strip()
                if re.search("[a-z]", text):
                    out[name.strip()] = " ".join(text.split())
    return out


def music_of(folder):
    out = []
    for path in sorted(pathlib.Path(folder).rglob("*.wav")):
        with wave.open(str(path)) as file:
            samples = numpy.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
        out.append(samples / max(1e-3, numpy.sqrt((samples ** 2).mean())))
    return out


class Film:
    """Samples, lines [(from, to, text)] in seconds, and rests [(from, to)] between scenes."""

    def __init__(self):
        self.parts, self.lines, self.rests, self.at = [], [], [], 0

    def add(self, samples):
        self.parts.append(samples)
        begin = self.at / RATE
        self.at += len(samples)
        return begin, self.at / RATE

    def sound(self):
        return numpy.concatenate(self.parts)


def film(prompts, music, seconds, random):
    out = Film()
    deck = []

    def draw():
        if not deck:
            deck.extend(random.permutation(len(prompts)))
        return prompts[deck.pop()]

    scene_left = 0
    while out.at < seconds * RATE:
        if scene_left <= 0:
            rest = numpy.zeros(int(random.uniform(2, 20 if out.at else 70) * RATE))
            if random.random() < 0.5:
                rest += piece_of(music, len(rest), random) * 10 ** (random.uniform(-32, -20) / 20)
            out.rests.append(out.add(rest))
            scene_left = random.uniform(20, 90)
        words, sounds = [], []
        wanted = random.uniform(0.8, 4.5)
        while sum(map(len, sounds)) < wanted * RATE:
            _, samples, text = draw()
            if sounds:
                sounds.append(numpy.zeros(int(random.uniform(0.03, 0.2) * RATE)))
            sounds.append(samples)
            words.append(text)
            if sum(map(len, sounds)) > 7 * RATE:
                break
        begin, end = out.add(numpy.concatenate(sounds))
        out.lines.append((begin, end, " ".join(words)))
        pause = random.uniform(0.1, 0.5) if random.random() < 0.45 else random.uniform(0.4, 2.5)
        out.add(numpy.zeros(int(pause * RATE)))
        scene_left -= end - begin + pause
    return out


def piece_of(music, length, random):
    track = music[int(random.integers(len(music)))]
    first = int(random.integers(max(1, len(track) - length)))
    return numpy.resize(track[first:first + length], length)


def bedded(sound, music, random):
    """Room noise throughout, and music under some stretches, 12 to 25 dB below the voices."""
    sound = sound + random.standard_normal(len(sound)) * 0.1 * 10 ** (random.uniform(-50, -30) / 20)
    at = 0
    while at < len(sound):
        length = int(random.uniform(20, 80) * RATE)
        if random.random() < 0.35:
            part = sound[at:at + length]
            part += piece_of(music, len(part), random) * 0.1 * 10 ** (-random.uniform(12, 25) / 20)
        at += length
    return sound


def captions_of(lines, random):
    """[(from, to, text)] as a person would make them."""
    out, i = [], 0
    while i < len(lines):
        begin, end, text = lines[i]
        if random.random() < 0.15 and i + 1 < len(lines) and lines[i + 1][1] - begin < 6.5:
            i += 1
            end, text = lines[i][1], text + "\n" + lines[i][2]
        i += 1
        if random.random() < 0.05:
            continue
        begin += min(0.25, max(-0.25, random.normal(0, 0.08)))
        end += random.uniform(0.1, 1.5)
        if i < len(lines):
            end = min(end, lines[i][0] - 0.3 + random.uniform(0, 0.1))
        out.append((max(0.0, begin), max(begin + 0.3, end), text))
        if random.random() < 0.04 and i < len(lines) and lines[i][0] - end > 2.5:
            out.append((end + 0.6, end + 1.8, "[door opens]"))
    return out


def case(number, voices, music):
    """(kind, sound, captions as given, where each belongs in the film or None)."""
    random = numpy.random.default_rng([22, number])
    kind = KINDS[number // 2 % len(KINDS)]
    languages = sorted(voices)
    language = languages[int(random.integers(len(languages)))]
    if kind == "translated" and language == "en":
        language = [l for l in languages if l != "en"][int(random.integers(len(languages) - 1))]
    seconds = random.uniform(600, 900)
    made = film(voices[language], music, seconds, random)
    sound = made.sound()
    captions = captions_of(made.lines, random)
    offset, ratio = random.uniform(-60, 60), 1.0
    truth = [c[0] for c in captions]
    if kind == "other":
        other = film(voices[languages[int(random.integers(len(languages)))]], music, seconds * random.uniform(0.8, 1.2), random)
        captions, truth = captions_of(other.lines, random), None
    elif kind == "in sync":
        offset = 0.0
    elif kind == "scaled":
        ratio = NTSC if random.random() < 0.5 else 1 / NTSC
    elif kind == "cut":
        # The film is changed behind rests between scenes, the captions stay.
        shift = 0.0
        inner = [r for r in made.rests if 100 < r[0] < seconds - 200]
        first = inner[int(random.integers(max(1, len(inner) // 2)))]
        changes = [(first[1] - 0.2, random.random() < 0.5)]
        later = [r for r in inner if r[0] > first[0] + 200]
        if later and random.random() < 0.6:
            changes.append((later[int(random.integers(len(later)))][1] - 0.2, random.random() < 0.5))
        parts, at = [], 0.0
        where = numpy.array(truth)
        places, gone = where.copy(), numpy.zeros(len(where), bool)
        for place, is_removed in changes:
            parts.append(sound[int(at * RATE):int(place * RATE)])
            if is_removed:
                length = random.uniform(15, 90)
                gone |= (where >= place) & (where < place + length)
                places[where >= place] -= length
                at = place + length
            else:
                other = languages[int(random.integers(len(languages)))]
                more = film(voices[other], music, random.uniform(15, 90), random).sound()
                parts.append(more)
                places[where >= place] += len(more) / RATE
                at = place
        parts.append(sound[int(at * RATE):])
        sound = numpy.concatenate(parts)
        truth = [None if g else p for g, p in zip(gone, places)]
    sound = bedded(sound, music, random)
    # film = ratio * captions + offset; no file holds times below 0
    if truth is not None:
        low = min(c[0] for c in captions)
        offset = min(offset, low)
        given = [((c[0] - offset) / ratio, (c[1] - offset) / ratio, c[2]) for c in captions]
    else:
        given = captions
    return kind, language, sound, given, truth


def stamp(seconds, mark=","):
    ms = int(round(seconds * 1000))
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}{mark}{ms % 1000:03}"


def write_srt(path, captions):
    path.write_text("".join(f"{i}\n{stamp(a)} --> {stamp(b)}\n{text}\n\n" for i, (a, b, text) in enumerate(captions, 1)))


def read_srt(path):
    out = []
    for block in re.split(r"\n\s*\n", path.read_text("utf-8-sig").replace("\r", "").strip()):
        lines = block.split("\n")
        found = re.match(r"(\d+):(\d+):(\d+)[,.](\d+) --> ", lines[1]) if len(lines) > 2 else None
        if found:
            h, m, s, ms = map(int, found.groups())
            out.append((h * 3600 + m * 60 + s + ms / 1000, " ".join(" ".join(lines[2:]).split())))
    return out


def letters(text):
    """What every tool leaves as it is."""
    return " ".join(re.findall(r"\w+", text))


def judged(given, truth, put):
    """Errors of the cues that belong in the film, ms; how many of them are gone; how many are left that do not belong."""
    by_text = {}
    for at, text in put:
        by_text.setdefault(letters(text), []).append(at)
    errors, gone, over = [], 0, 0
    # Some tools change the order; of equal texts the one that is nearest is taken.
    for place, text in sorted(((p, letters(t)) for (_, _, t), p in zip(given, truth)), key=lambda x: x[0] is None):
        left = by_text.get(text)
        if not left:
            gone += place is not None
        elif place is None:
            left.pop()
            over += 1
        else:
            best = min(left, key=lambda at: abs(at - place))
            left.remove(best)
            errors.append(abs(best - place) * 1000)
    return {"errors": errors, "gone": gone, "over": over}


state = {}


def begin(options):
    texts = texts_of(options.speech)
    state.update(voices=prompts_of(options.speech, texts), music=music_of(options.music), options=options)


def run_case(number):
    options = state["options"]
    kind, language, sound, given, truth = case(number, state["voices"], state["music"])
    out = {"number": number, "kind": kind, "language": language, "seconds": len(sound) / RATE, "cues": len(given)}
    with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
        folder = pathlib.Path(folder)
        media.write_wave(folder / "film.wav", media.level(sound))
        write_srt(folder / "given.srt", given)
        if options.keep:
            kept = pathlib.Path(options.keep, str(number))
            kept.mkdir(parents=True, exist_ok=True)
            media.write_wave(kept / "film.wav", media.level(sound))
            write_srt(kept / "given.srt", given)
            (kept / "truth.json").write_text(json.dumps({"kind": kind, "truth": truth}))
        if options.reelmill != "-":
            command = [options.reelmill, "captions", "sync", str(folder / "given.srt"), str(folder / "film.wav"), "-o", str(folder / "ours.srt"), "--json"]
            began = time.monotonic()
            done = subprocess.run(command + (["--model", options.model] if options.model else []), capture_output=True, text=True)
            out["took"] = time.monotonic() - began
            if done.returncode not in (0, 1):
                raise RuntimeError(done.stdout + done.stderr)
            found = json.loads(done.stdout)
            out.update({key: found[key] for key in ("outcome", "ratio", "confidence", "segments", "evidence")})
            if found["outcome"] != "refused" and truth is not None:
                out["ours"] = judged(given, truth, read_srt(folder / "ours.srt"))
        for name, more in PEERS.items() if options.peer else ():
            put = folder / "peer.srt"
            put.unlink(missing_ok=True)
            began = time.monotonic()
            done = subprocess.run([options.peer, str(folder / "film.wav"), "-i", str(folder / "given.srt"), "-o", str(put),
                                   "--max-offset-seconds", "600"] + more, capture_output=True, text=True)
            took = time.monotonic() - began
            is_taken = done.returncode == 0 and put.exists() and "low-quality" not in done.stderr + done.stdout
            out.setdefault("peers", {})[name] = {
                "took": took, "outcome": "taken" if is_taken else "refused", "said": done.stderr[-600:],
                "judged": judged(given, truth, read_srt(put)) if is_taken and truth is not None else None}
    return out


def row(name, kind, cases):
    """`cases`: (whether it was taken, how it was judged)."""
    taken = sum(is_taken for is_taken, _ in cases)
    if kind == "other":
        return f"| {kind} | {name} | {len(cases)} | {len(cases) - taken} | | | | | |"
    answered = [j for is_taken, j in cases if is_taken and j and j["errors"]]
    pooled = numpy.concatenate([a["errors"] for a in answered]) if answered else numpy.array([numpy.nan])
    medians = [numpy.median(a["errors"]) for a in answered] or [numpy.nan]
    return "| %s | %s | %d | %d | %.0f | %.0f | %.0f | %d | %d gone, %d over |" % (
        kind, name, len(cases), len(cases) - taken, numpy.median(pooled), numpy.percentile(pooled, 90), max(medians),
        sum(m <= 100 for m in medians), sum(a["gone"] for a in answered), sum(a["over"] for a in answered))


def report(results):
    print("| captions | tool | films | refused | median error ms | 90 % of cues ms | worst film's median ms | films within 100 ms | cues |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---|")
    for kind in KINDS:
        cases = [r for r in results if r["kind"] == kind]
        if any("outcome" in r for r in cases):
            print(row("reelmill", kind, [(r["outcome"] != "refused", r.get("ours")) for r in cases]))
        for name in PEERS:
            mine = [r["peers"][name] for r in cases if "peers" in r]
            if mine:
                print(row(name, kind, [(p["outcome"] == "taken", p["judged"]) for p in mine]))
    own = [r for r in results if "confidence" in r]
    if own:
        print("least confidence of a film's own captions: %.2f; greatest of another's: %.2f" % (
            min((r["confidence"] for r in own if r["kind"] != "other"), default=1),
            max((r["confidence"] for r in own if r["kind"] == "other"), default=0)))
        still = [r for r in own if r["kind"] == "in sync"]
        print("said to be in sync: %d of %d that are, %d of %d that are not" % (
            sum(r["outcome"] == "in_sync" for r in still), len(still),
            sum(r["outcome"] == "in_sync" for r in own if r["kind"] != "in sync"), len(own) - len(still)))
        print("seconds a film of %.0f minutes: %.1f" % (numpy.mean([r["seconds"] for r in own]) / 60, numpy.mean([r["took"] for r in own])))
    for name in PEERS:
        took = [r["peers"][name]["took"] for r in results if "peers" in r]
        if took:
            print(f"{name}: {numpy.mean(took):.1f} s a film")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reelmill", help="the program; -: only the peer, or nothing but --keep")
    parser.add_argument("--speech", default=str(REPOSITORY / ".cache" / "bench" / "speech"))
    parser.add_argument("--music", default=str(REPOSITORY / ".cache" / "bench" / "music"))
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--half", choices=("tune", "held"), default="held")
    parser.add_argument("--model", help="compare words too")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--peer", help="ffsubsync's program")
    parser.add_argument("--results", help="write every case there (JSON)")
    parser.add_argument("--keep", help="keep films and captions in this folder")
    parser.add_argument("--scratch", help="folder for the films")
    options = parser.parse_args()
    numbers = [2 * n + (options.half == "tune") for n in range(options.first, options.first + options.cases)]
    with multiprocessing.Pool(options.jobs, begin, (options,)) as pool:
        results = sorted(pool.imap_unordered(run_case, numbers), key=lambda r: r["number"])
    if options.results:
        pathlib.Path(options.results).write_text(json.dumps(results, indent=1))
    report(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
