#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges `reelmill sync` on pairs of recordings whose truth is known, and beside it a public tool.

    tools/bench/sync.py REELMILL [--speech FOLDER] [--cases 200] [--unrelated 200] [--half held] [--jobs 2] [--peer PROGRAM]
    tools/bench/sync.py REELMILL --two-hours

The speech is that of Asterisk's prompts in five languages, which `scripts/setup --bench` fetches. One half of the prompts was for
tuning, the other was held out. Unrelated pairs share no recording: English prompts without a word in common, or two languages.
With --two-hours it times a pair of two hours beside ffmpeg's bare decode of both files.
"""
import argparse
import collections
import gzip
import json
import multiprocessing
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zlib

import numpy

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "fixtures"))
import sync_media as media  # noqa: E402

KINDS = ("clean", "noise", "camera", "drift", "cut", "rates", "telephone")


def half_of(name):
    return "tune" if zlib.crc32(name.split("/")[-1].encode()) % 2 else "held"


def voices(speech, half):
    """Language → name → samples."""
    out = collections.defaultdict(dict)
    for name, samples in media.prompts_in(speech).items():
        if half in ("both", half_of(name)) and not re.search(r"tone|beep|ring|music|silence|monkey", name):
            language = re.search(r"(en|es|fr|it|ru)_[A-Z]{2}_", name)
            out[language[1] if language else "en"][name] = samples
    return out


def words_of(speech):
    """English prompt → its words."""
    out = {}
    for path in pathlib.Path(speech).rglob("core-sounds-en.txt.gz"):
        for line in gzip.decompress(path.read_bytes()).decode("utf-8", "replace").splitlines():
            if ":" in line and not line.startswith(";"):
                name, text = line.split(":", 1)
                out[name.strip()] = set(re.findall(r"[a-z0-9']+", text.lower()))
    return out


def related(number, voices_by_language):
    """Case `number`: its kind, its truth, and what noise it has."""
    random = numpy.random.default_rng([1, number])
    kind = KINDS[number % len(KINDS)]
    language = sorted(voices_by_language)[int(random.integers(len(voices_by_language)))]
    prompts = list(voices_by_language[language].values())
    offset = random.uniform(-120, 120) if number % 5 else 0.0
    drift = random.uniform(-200e-6, 200e-6) if kind in ("drift", "camera", "cut") or random.random() < 0.3 else 0.0
    overlap = random.uniform(45, 120) if number % 10 else random.uniform(20, 45)
    if kind == "drift" and number % 3 == 0:
        overlap = random.uniform(600, 800)
    length_a = max(0.0, offset) + overlap + random.uniform(0, 30)
    length_b = max(0.0, -offset) + overlap + random.uniform(0, 30)
    before = max(0.0, -offset)
    material = media.speech(prompts, before + max(length_a, offset + length_b) + 2, random)
    truth = media.pair(material, before, length_a, offset, length_b, drift)
    if kind == "cut":
        at = random.uniform(truth.begin + 12, truth.end - 12) if truth.end - truth.begin > 26 else (truth.begin + truth.end) / 2
        seconds = random.uniform(0.3, 5)
        if random.random() < 0.5:
            truth = media.without(truth, at, min(seconds, truth.end - at - 9))
        else:
            truth = media.with_more(truth, at, media.speech(prompts, seconds, random))
    noise = None
    if kind == "noise":
        noise = "white" if random.random() < 0.5 else "pink"
        truth.a = media.with_noise(truth.a, 0, random, noise)
    elif kind == "camera":
        noise = "white" if random.random() < 0.5 else "pink"
        truth.a = media.with_noise(media.telephone(media.in_a_room(media.other_microphone(truth.a, random), random)), 0, random, noise)
        truth.b = media.other_microphone(truth.b, random)
    elif kind == "telephone":
        truth.a = media.in_a_room(media.other_microphone(truth.a, random), random)
        truth.b = media.telephone(truth.b)
    rates = (media.RATE, media.RATE)
    if kind in ("rates", "camera"):
        rates = tuple(int(random.choice(media.RATES)) for _ in range(2))
    return kind, truth, rates, noise


def unrelated(number, voices_by_language, words):
    random = numpy.random.default_rng([2, number])
    languages = sorted(voices_by_language)
    if number % 2 and len(languages) > 1:
        pair = [list(voices_by_language[languages[i]].values()) for i in random.permutation(len(languages))[:2]]
    else:
        # Few words come with few prompts, so the side with the rare words is built first.
        known = {n: words[n.split("/")[-1][:-4]] for n in voices_by_language["en"] if n.split("/")[-1][:-4] in words}
        names = [list(known)[i] for i in random.permutation(len(known))]
        first, second, taken = [], [], set()
        for name in names:
            if len(first) < 12 and len(known[name] | taken) <= 40:
                first.append(name)
                taken |= known[name]
        second = [name for name in names if not known[name] & taken]
        pair = [[voices_by_language["en"][n] for n in side] for side in (first, second)]
        if not all(pair):
            return None
    a, b = (media.speech(side, random.uniform(20, 240), random) for side in pair)
    if random.random() < 0.5:
        a = media.with_noise(a, random.uniform(0, 20), random, "pink")
    if random.random() < 0.3:
        a, b = media.telephone(a), media.telephone(b)
    return media.Pair(a, b, 0, 0, 0, 0)


def asked(reelmill, a, b):
    done = subprocess.run([reelmill, "sync", "--json", str(a), str(b)], capture_output=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout.decode() + done.stderr.decode())
    return json.loads(done.stdout)


def judged(found, truth):
    """Worst error of the delay where both are heard, ms; of the drift, ppm; whether the cuts are right."""
    if found["outcome"] == "refused":
        return None
    worst = 0.0
    for segment in found["segments"]:
        ends = segment["from"], segment["to"]
        for part in (0.1, 0.5, 0.9):
            t = ends[0] + part * (ends[1] - ends[0])
            delay = segment["offset_ms"] / 1e3 + found["drift_ppm"] / 1e6 * (t - segment["from"])
            worst = max(worst, abs(delay - truth.delay(t)))
    jumps = [(cut["at"], cut["jump_ms"] / 1e3) for cut in found["cuts"]]
    cuts_right = len(jumps) == len(truth.cuts) and all(
        abs(at - where) < 0.3 and abs(jump - size) < 0.001 for (at, jump), (where, size) in zip(jumps, truth.cuts))
    return worst * 1e3, abs(found["drift_ppm"] - truth.drift * 1e6), cuts_right


def peer_offset(program, a, b):
    """audio-offset-finder: seconds, or None."""
    done = subprocess.run([program, "--find-offset-of", str(b), "--within", str(a), "--json"], capture_output=True, text=True)
    try:
        said = json.loads(done.stdout)
        return said["time_offset"], said["standard_score"]
    except (ValueError, KeyError):
        return None


state = {}


def run_case(job):
    which, number = job
    made = related(number, state["voices"]) if which == "related" else unrelated(number, state["voices"], state["words"])
    if made is None:
        return None
    kind, truth, rates, noise = made if which == "related" else ("unrelated", made, (media.RATE, media.RATE), None)
    with tempfile.TemporaryDirectory(dir=state["scratch"]) as folder:
        a, b = pathlib.Path(folder, "a.wav"), pathlib.Path(folder, "b.wav")
        media.write_wave(a, media.level(truth.a), rates[0])
        media.write_wave(b, media.level(truth.b), rates[1])
        found = asked(state["reelmill"], a, b)
        out = {"which": which, "number": number, "kind": kind, "noise": noise, "outcome": found["outcome"], "confidence": found["confidence"],
               "truth": [truth.offset, truth.drift * 1e6, truth.cuts], "overlap": truth.end - truth.begin,
               "found": [found["offset_ms"], found["drift_ppm"], found["cuts"]], "rates": rates,
               "judged": judged(found, truth) if which == "related" else None, "agreeing": sum(w["agrees"] for w in found["windows"])}
        if state["peer"]:
            out["peer"] = peer_offset(state["peer"], a, b)
    return out


def begin(options):
    state.update(reelmill=options.reelmill, voices=voices(options.speech, options.half), words=words_of(options.speech), peer=options.peer,
                 scratch=options.scratch)


def percent(part, whole):
    return f"{part}/{whole} ({100 * part / whole:.1f} %)" if whole else "none"


def report(results):
    pairs = [r for r in results if r["which"] == "related"]
    strangers = [r for r in results if r["which"] == "unrelated"]
    print("| kind | cases | refused | worst error ms | within 1 ms | median confidence | cuts right |\n|---|---:|---:|---:|---:|---:|---:|")
    for kind in KINDS + ("all",):
        mine = [r for r in pairs if kind in (r["kind"], "all")]
        taken = [r for r in mine if r["judged"]]
        if not mine:
            continue
        print("| %s | %d | %d | %.3f | %s | %.2f | %s |" % (
            kind, len(mine), len(mine) - len(taken), max((r["judged"][0] for r in taken), default=0),
            percent(sum(r["judged"][0] <= 1 for r in taken), len(taken)),
            numpy.median([r["confidence"] for r in mine]), percent(sum(r["judged"][2] for r in taken), len(taken))))
    long = [r for r in pairs if r["judged"] and r["overlap"] >= 600]
    if long:
        print(f"drift over ten minutes and more: {len(long)} cases, worst error {max(r['judged'][1] for r in long):.3f} ppm")
    noisy = [r for r in pairs if r["noise"]]
    print("refused at 0 dB:", percent(sum(r["judged"] is None for r in noisy), len(noisy)))
    print("unrelated pairs accepted:", percent(sum(r["outcome"] != "refused" for r in strangers), len(strangers)),
          "- the greatest confidence %.3f" % max((r["confidence"] for r in strangers), default=0))
    print("the least confidence of a pair: %.3f" % min((r["confidence"] for r in pairs), default=0))
    if any("peer" in r for r in results):
        right = [r for r in pairs if r["peer"] and abs(r["peer"][0] - r["truth"][0]) <= 0.02]
        print("the public tool: within 20 ms", percent(len(right), len(pairs)), "- within 1 ms", percent(
            sum(abs(r["peer"][0] - r["truth"][0]) <= 0.001 for r in right), len(pairs)))


def processor_seconds(command):
    before = os.times()
    done = subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system, done.stdout


def two_hours(options):
    """A film's sound (AAC, noisy) and a recorder's (FLAC) that begins 95.25 s later and whose clock runs 62.5 ppm apart."""
    random = numpy.random.default_rng(7)
    with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
        whole, a, b = (pathlib.Path(folder, name) for name in ("whole.wav", "a.m4a", "b.flac"))
        prompts = [samples for group in voices(options.speech, "both").values() for samples in group.values()]
        material = media.speech(prompts, 7300, random)
        media.write_wave(whole, media.level(material, 0.5))
        noise = f"[0:a]aresample=48000,aformat=channel_layouts=stereo[s];anoisesrc=r=48000:a={0.02}:d=7200:seed=3[n];[s][n]amix=2:normalize=0"
        ffmpeg = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-t"]
        subprocess.run(ffmpeg + ["7200", "-i", str(whole), "-filter_complex", noise, "-c:a", "aac", "-b:a", "160k", str(a)], check=True)
        subprocess.run(ffmpeg + ["7200", "-ss", "95.25", "-i", str(whole), "-af", "aresample=48000,asetrate=48003,aresample=48000",
                                 "-ac", "2", str(b)], check=True)
        ratios = []
        for _ in range(options.rounds):
            bare = sum(processor_seconds(["ffmpeg", "-nostdin", "-v", "error", "-i", str(f), "-f", "null", "-"])[0] for f in (a, b))
            ours, said = processor_seconds([options.reelmill, "sync", "--json", str(a), str(b)])
            found = json.loads(said)
            ratios.append(ours / bare)
            print(f"bare decode {bare:.2f} s, reelmill sync {ours:.2f} s: {ours / bare:.2f}; offset {found['offset_ms']:.3f} ms "
                  f"(95250), drift {found['drift_ppm']:.2f} ppm ({3 / 48003 * 1e6:.2f}), confidence {found['confidence']:.2f}", flush=True)
        peak = subprocess.run(["/usr/bin/time", "-f", "%M", options.reelmill, "sync", str(a), str(b)], capture_output=True, text=True)
        print(f"median ratio {numpy.median(ratios):.2f}; peak memory of a process {int(peak.stderr.split()[-1]) / 1024:.0f} MiB")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reelmill")
    parser.add_argument("--speech", default=str(REPOSITORY / ".cache" / "bench" / "speech"))
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--unrelated", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="number of the first case; a case of a number is always the same")
    parser.add_argument("--half", choices=("tune", "held", "both"), default="held")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--peer", help="audio-offset-finder's program")
    parser.add_argument("--results", help="write every case there (JSON)")
    parser.add_argument("--scratch", help="folder for the recordings")
    parser.add_argument("--two-hours", action="store_true")
    parser.add_argument("--rounds", type=int, default=3, help="of --two-hours")
    options = parser.parse_args()
    if options.two_hours:
        return two_hours(options)
    jobs = [("related", n) for n in range(options.first, options.first + options.cases)]
    jobs += [("unrelated", n) for n in range(options.first, options.first + options.unrelated)]
    with multiprocessing.Pool(options.jobs, begin, (options,)) as pool:
        results = [r for r in pool.imap_unordered(run_case, jobs, chunksize=4) if r]
    results.sort(key=lambda r: (r["which"], r["number"]))
    if options.results:
        pathlib.Path(options.results).write_text(json.dumps(results, indent=1))
    report(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
