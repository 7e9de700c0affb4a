# SPDX-License-Identifier: GPL-3.0-or-later
"""`reelmill transcribe` writes down what is said and when, invents nothing, and gives the same bytes whatever the threads."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import jsonschema
import numpy

import sync_media as media

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SOURCES, MODELS = REPOSITORY / ".cache" / "sources", REPOSITORY / ".cache" / "models"
REELMILL = os.environ["REELMILL"]
SCHEMA = json.loads((REPOSITORY / "docs" / "schemas" / "transcript.json").read_text())
CONGRATS = ("congratulations you have successfully installed and executed the asterisk open source pbx you have also installed a set of sample sounds "
            "and configuration files that should help you to get started like a normal pbx you will navigate this demonstration by dialing digits if "
            "you are using a console channel driver instead of a real phone you can use the dial answer and hang up commands to simulate the actions "
            "of a standard telephone")


def plain(text):
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))


def shared(meant, said):
    """The part of the words that are said in their order: the longest common subsequence."""
    row = [0] * (len(said) + 1)
    for word in meant:
        before = 0
        for j, other in enumerate(said, 1):
            before, row[j] = row[j], before + 1 if word == other else max(row[j], row[j - 1])
    return row[-1] / len(meant)


def has_speech():
    done = subprocess.run([REELMILL, "models", "--json"], capture_output=True, text=True)
    names = {model["name"] for model in json.loads(done.stdout)["models"]}
    return {"tiny.en", "base"} <= names


@unittest.skipUnless(has_speech(), "scripts/setup --speech has fetched no models")
class Transcribe(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.place = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def call(self, *arguments, code=0, env=None):
        done = subprocess.run([REELMILL, "transcribe", *map(str, arguments)], capture_output=True, text=True, cwd=self.place,
                              env={**os.environ, **(env or {})})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def transcript(self, source, *arguments, model="tiny.en"):
        out = self.place / "out.json"
        self.call(source, "-o", out, "--model", model, "--overwrite", *arguments)
        found = json.loads(out.read_text())
        jsonschema.validate(found, SCHEMA)
        return found

    def assert_sound(self, found):
        """Words are in order, inside of their segments, of speech, and of the sound."""
        end = 0
        for segment in found["segments"]:
            words = segment["words"]
            self.assertEqual(segment["start"], words[0]["start"])
            self.assertEqual(segment["end"], words[-1]["end"])
            self.assertEqual("".join(segment["text"].split()), "".join("".join(w["text"].split()) for w in words))
            for word in words:
                self.assertGreaterEqual(word["start"], end)
                self.assertGreater(word["end"], word["start"])
                self.assertTrue(any(s["start"] <= word["start"] and word["end"] <= s["end"] for s in found["speech"]), word)
                end = word["end"]
        self.assertLessEqual(end, found["duration"])

    def test_words_and_times_of_a_prompt(self):
        found = self.transcript(SOURCES / "demo-congrats.wav")
        self.assertEqual(found["language"], "en")
        self.assert_sound(found)
        said = plain(" ".join(segment["text"] for segment in found["segments"]))
        self.assertGreater(shared(CONGRATS.split(), said), 0.85, " ".join(said))
        words = [word for segment in found["segments"] for word in segment["words"]]
        self.assertLess(words[0]["start"], 0.6)
        self.assertGreater(words[-1]["end"], 27)
        self.assertGreater(numpy.mean([word["confidence"] for word in words]), 0.6)

    def test_words_begin_where_they_were_put(self):
        # The same sentence twice, after rests that do not fit into one window.
        prompt = media.read_wave(SOURCES / "demo-congrats.wav")[:int(6.3 * media.RATE)]
        begins, parts = [4.0, 50.0], []
        for begin in begins:
            parts.append(numpy.zeros(int(begin * media.RATE) - sum(map(len, parts))))
            parts.append(prompt)
        media.write_wave(self.place / "twice.wav", numpy.concatenate(parts), media.RATE)
        found = self.transcript(self.place / "twice.wav")
        self.assert_sound(found)
        loud = numpy.nonzero(numpy.abs(prompt) > 0.05 * numpy.abs(prompt).max())[0][0] / media.RATE
        first = [word["start"] for segment in found["segments"] for word in segment["words"] if plain(word["text"]) == ["congratulations"]]
        self.assertEqual(len(first), 2, found["segments"])
        for begin, word in zip(begins, first):
            self.assertLess(abs(word - begin - loud), 0.12)

    def test_the_same_bytes_whatever_the_threads(self):
        bytes_of = []
        for jobs in (1, 2, 2):
            self.call(SOURCES / "demo-instruct.wav", "-o", "out.json", "--model", "tiny.en", "--overwrite", "-j", jobs)
            bytes_of.append((self.place / "out.json").read_bytes())
        self.assertEqual(bytes_of[0], bytes_of[1])
        self.assertEqual(bytes_of[1], bytes_of[2])

    def test_nothing_is_said_in_music_noise_and_silence(self):
        random, length = numpy.random.default_rng(1), 20 * media.RATE
        sounds = {"silence": numpy.zeros(length), "noise": random.standard_normal(length) * 0.1,
                  "sine": 0.3 * numpy.sin(numpy.arange(length) * 2 * numpy.pi * 440 / media.RATE)}
        for name, samples in sounds.items():
            media.write_wave(self.place / f"{name}.wav", samples, media.RATE)
        shutil.copy(SOURCES / "bigbuckbunny.mp4", self.place / "music.mp4")
        names = [*(f"{name}.wav" for name in sounds), "music.mp4"]
        self.call(*names, "-o", "texts/", "--model", "tiny.en")
        for name in names:
            found = json.loads((self.place / "texts" / name).with_suffix(".json").read_text())
            self.assertEqual(found["segments"], [], name)

    def test_many_files_in_many_formats(self):
        for name in ("one", "two", "three"):
            shutil.copy(SOURCES / "demo-congrats.wav", self.place / f"{name}.wav")
        (self.place / "broken.wav").write_bytes(b"RIFF\x24\0\0\0WAVEjunk")
        (self.place / "names.txt").write_text("Asterisk\nPBX\n")
        done = self.call("one.wav", "broken.wav", "two.wav", "three.wav", "-o", "texts", "--formats", "json,txt", "--model", "tiny.en", "--json",
                         "--glossary", "names.txt", code=66)
        report = json.loads(done.stdout)
        self.assertEqual(["error" in file for file in report["files"]], [False, True, False, False])
        made = sorted(path.name for path in (self.place / "texts").iterdir())
        self.assertEqual(made, sorted(f"{name}.{ending}" for name in ("one", "two", "three") for ending in ("json", "txt")))
        self.assertEqual(len({(self.place / "texts" / f"{name}.json").read_bytes() for name in ("one", "two", "three")}), 1)
        self.assertIn("ongratulations", (self.place / "texts" / "one.txt").read_text())
        # What is there stays.
        self.call("one.wav", "-o", "texts", "--model", "tiny.en", code=64)

    def test_the_language_is_found_out(self):
        self.assertEqual(self.transcript(SOURCES / "demo-congrats.wav", model="base")["language"], "en")

    def test_what_is_missing_is_said(self):
        done = self.call(SOURCES / "demo-congrats.wav", "-o", "a.json", "--model", "bsae", code=69)
        self.assertIn("did you mean 'base'", done.stderr)
        self.assertFalse((self.place / "a.json").exists())
        self.call(SOURCES / "demo-congrats.wav", "-o", "a.json", "--model", "tiny.en", "--language", "de", code=69)
        (self.place / "ggml-cut.bin").write_bytes((MODELS / "ggml-tiny.en.bin").read_bytes()[:1_000_000])
        done = self.call(SOURCES / "demo-congrats.wav", "-o", "a.json", "--model", "./ggml-cut.bin", code=66)
        self.assertIn("too early", done.stderr)
        self.call("nowhere.wav", "-o", "a.json", code=66)
        self.call(SOURCES / "demo-congrats.wav", "-o", "a.doc", code=64)
        self.call(SOURCES / "demo-congrats.wav", SOURCES / "demo-instruct.wav", "-o", "a.json", code=64)
        self.assertEqual([path.name for path in self.place.iterdir()], ["ggml-cut.bin"])

    def test_models_that_do_harm_are_errors(self):
        good = (MODELS / "ggml-tiny.en.bin").read_bytes()
        for number, (at, value) in enumerate(((60, b"\xff\xff\xff\x7f"), (4 * 12 + 8 + 80 * 201 * 4, b"\xff\xff\xff\x7f"), (70_000_000, b"\xff" * 64))):
            path = self.place / "ggml-bad.bin"
            path.write_bytes(good[:at] + value + good[at + len(value):])
            done = subprocess.run([REELMILL, "transcribe", SOURCES / "demo-congrats.wav", "-o", self.place / "bad.json", "--model", path, "--overwrite"],
                                  capture_output=True, text=True)
            if done.returncode == 0:
                (self.place / "bad.json").unlink()
                continue  # weights that are only wrong are still weights
            self.assertIn(done.returncode, (66, 70, 75), f"{number}: {done.stderr}")
            self.assertFalse((self.place / "bad.json").exists())


if __name__ == "__main__":
    unittest.main()
