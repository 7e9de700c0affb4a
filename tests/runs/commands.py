# SPDX-License-Identifier: GPL-3.0-or-later
"""What every command says of itself is true: help, completions, manual, schema, versions, doctor."""
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

import jsonschema
import yaml

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
REELMILL = os.environ["REELMILL"]
WORKER = os.environ["REELMILL_WORKER"]
HEAD = "reelmill: 1\n"
FULL = HEAD + "exports: [youtube]\n"

# What an editor can tell by the schema. Every one of them is refused by the program too.
MISTAKES = {
    "no version": "exports: [youtube]",
    "another version": "reelmill: 2\nexports: [youtube]",
    "no exports": HEAD,
    "exports empty": HEAD + "exports: []",
    "a misspelt key": FULL + "viedo: [grade]",
    "a misspelt operation": FULL + "video: [grad]",
    "a misspelt parameter": FULL + "video: [{grade: {contrst: 1}}]",
    "an operation of the sound on the picture": FULL + "video: [highpass]",
    "a value out of range": FULL + "video: [{grade: {contrast: 4}}]",
    "a text for a number": FULL + "audio: [{highpass: {frequency: low}}]",
    "another unit": FULL + "audio: [{highpass: {frequency: 200 dB}}]",
    "a fraction for a whole number": FULL + "video: [{stabilize: {smoothing: 1.5}}]",
    "a list for a number": FULL + "video: [{stabilize: {smoothing: [1]}}]",
    "another choice": FULL + "video: [{stabilize: {border: grey}}]",
    "an operation that is not in a list": FULL + "video: grade",
    "two operations in one item": FULL + "video: [{grade: {}, stabilize: {}}]",
    "a misspelt preset": HEAD + "exports: [yotube]",
    "an export twice": HEAD + "exports: [youtube, youtube]",
    "a misspelt export key": HEAD + "exports: [{youtube: {cfr: 20}}]",
    "an export out of range": HEAD + "exports: [{youtube: {crf: 99}}]",
    "an export of one's own that says nothing": HEAD + "exports: [{own: {crf: 20}}]",
    "a size that is none": HEAD + "exports: [{own: {resolution: large}}]",
    "a rate that is none": HEAD + "exports: [{youtube: {fps: fast}}]",
    "a codec that there is not": HEAD + "exports: [{youtube: {codec: divx}}]",
    "a bit rate that is none": HEAD + "exports: [{youtube: {bitrate: much}}]",
    "a sample rate that is none": FULL + "normalize: {sample_rate: high}",
    "a frame rate out of range": FULL + "normalize: {fps: 500}",
    "sources that are a map": FULL + "sources: {a: b}",
    "a name that is a list": FULL + "name: [a]",
    "deliver empty": FULL + "deliver: []",
}


class Plain(yaml.SafeLoader):
    """Reads a date as the text it is, as editors do."""


Plain.yaml_implicit_resolvers = {first: [one for one in those if not one[0].endswith(":timestamp")]
                                 for first, those in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def call(*arguments, **keywords):
    return subprocess.run([REELMILL, *map(str, arguments)], capture_output=True, text=True, **keywords)


def names():
    return re.findall(r"^  ([\w-]+)  ", call("--help").stdout, re.MULTILINE)


class Help(unittest.TestCase):
    def test_every_command_says_how_it_is_used(self):
        self.assertIn("run", names())
        for name in names():
            with self.subTest(name):
                done = call(name, "--help")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn("usage: reelmill " + name, done.stdout)
                self.assertIn("reelmill", done.stdout.partition("examples:\n")[2], "no example")
                self.assertEqual(call("help", name).stdout, done.stdout)
                self.assertLessEqual(max(map(len, done.stdout.splitlines())), 130)

    def test_slips_are_told(self):
        for arguments, says in {("rnu",): "did you mean 'run'?", ("run", "--job", "2"): "did you mean '--jobs'?",
                                ("run", "--jobs", "none"): "--jobs", ("run", "--jobs", "0"): "1", ("presets", "yotube"): "'youtube'",
                                ("run", "a", "b"): "no place for 'b'", ("ops", "denois"): "'denoise'", ("man", "pln"): "'plan'",
                                ("completions", "tcsh"): "bash", ("new",): "NAME"}.items():
            with self.subTest(arguments):
                done = call(*arguments)
                self.assertEqual(done.returncode, 64, done.stderr)
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
                self.assertIn(says, done.stderr)


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(call("schema").stdout)
        jsonschema.Draft202012Validator.check_schema(cls.schema)
        cls.validator = jsonschema.Draft202012Validator(cls.schema)

    def mistakes(self, text):
        return [error.message for error in self.validator.iter_errors(yaml.load(text, Loader=Plain))]

    def test_every_example_passes(self):
        files = sorted((REPOSITORY / "examples").glob("*/reelmill.yaml"))
        self.assertGreaterEqual(len(files), 3)
        for file in files:
            with self.subTest(file.parent.name):
                self.assertEqual(self.mistakes(file.read_text()), [])
        with tempfile.TemporaryDirectory() as folder:
            call("new", "film", cwd=folder)
            self.assertEqual(self.mistakes(pathlib.Path(folder, "film/reelmill.yaml").read_text()), [])

    def test_every_preset_and_every_operation_with_its_defaults_passes(self):
        for preset in json.loads(call("presets", "--json").stdout)["presets"]:
            text = call("presets", preset["name"]).stdout
            self.assertEqual(self.mistakes(HEAD + "exports:\n- %s:\n%s" % (preset["name"], re.sub("^", "    ", text, flags=re.M))), [])
        for operation in json.loads(call("ops", "--json").stdout)["operations"]:
            line = re.search(r"^%s \(%s\):.*?^ +((?:- )?\w+: .*?)$" % (operation["name"], operation["track"]), call("ops", operation["name"]).stdout,
                             re.MULTILINE | re.DOTALL).group(1)
            with self.subTest(line):
                captions = operation["track"] == "captions"
                place = "subtitles:\n  file: words.srt\n  " if captions and operation["name"] != "transcribe" else "subtitles:\n  "
                self.assertEqual(self.mistakes(FULL + (place if captions else operation["track"] + ":\n") + line + "\n"), [])

    def test_every_mistake_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in MISTAKES.items():
                with self.subTest(name):
                    self.assertTrue(self.mistakes(text))
                    pathlib.Path(folder, "reelmill.yaml").write_text(text + "\n")
                    done = call("plan", cwd=folder)
                    self.assertEqual(done.returncode, 65, done.stderr)
                    self.assertNotIn("no file matches", done.stderr)


class Versions(unittest.TestCase):
    def test_version(self):
        version = call("version").stdout.split()[1]
        self.assertRegex(version, r"^\d+\.\d+\.\d+$")
        self.assertEqual(call("--version").stdout, "reelmill %s\n" % version)
        told = json.loads(call("version", "--libraries", "--json").stdout)
        self.assertEqual((told["version"], told["worker"]), (version, version))
        ffmpeg = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True).stdout
        for name in ("libavcodec", "libavfilter", "libswscale"):
            running = re.search(name + r" +\d+\. *\d+\.\d+ / +(\d+)\. *(\d+)\.(\d+)", ffmpeg)
            self.assertEqual(told["libraries"][name], ".".join(running.groups()))

    def test_licences(self):
        told = json.loads(call("licences", "--json").stdout)
        licences = {row["name"]: row["licence"] for row in told["third_party"]}
        self.assertEqual(licences["yaml-cpp"], "MIT")
        self.assertEqual(licences["vid.stab"], "GPL-2.0-or-later")
        self.assertEqual(call("licences").stdout, (REPOSITORY / "THIRD_PARTY.md").read_text())


class Doctor(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-doctor-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def states(self, program, *arguments):
        done = subprocess.run([program, "doctor", "--json", *arguments], capture_output=True, text=True, cwd=self.folder)
        told = json.loads(done.stdout)
        return done.returncode, told["ok"], {check["id"]: check for check in told["checks"]}

    def test_here_all_is_well(self):
        before = sorted(self.folder.iterdir())
        code, ok, checks = self.states(REELMILL)
        self.assertEqual((code, ok), (0, True), [check for check in checks.values() if check["state"] != "ok"])
        for name in ("worker", "encoder.libx264", "encoder.aac", "sandbox", "cores", "memory", "write.project", "disk.project", "fonts"):
            self.assertIn(name, checks)
        self.assertEqual(sorted(self.folder.iterdir()), before)
        self.assertEqual(int(checks["cores"]["detail"]), len(os.sched_getaffinity(0)))

    def test_what_is_missing_is_named_with_what_to_do(self):
        alone = self.folder / "reelmill"
        shutil.copy(REELMILL, alone)
        code, ok, checks = self.states(alone)
        self.assertEqual((code, ok, checks["worker"]["state"]), (69, False, "fail"))
        worker = self.folder / "reelmill-worker"
        answer = json.loads(subprocess.run([WORKER, "--versions"], capture_output=True, text=True, check=True).stdout)
        answer["version"] = "0.0.1"
        self.assertEqual({f"filter.{name}" for name in answer["filters"]}, {id for id in self.states(REELMILL)[2] if id.startswith("filter.")})
        answer["encoders"].remove("libx264")
        answer["filters"].remove("zscale")
        answer["sandbox"] = "rlimits"
        worker.write_text("#!/bin/sh\ncat <<'END'\n%s\nEND\n" % json.dumps(answer))
        worker.chmod(worker.stat().st_mode | stat.S_IXUSR)
        code, ok, checks = self.states(alone)
        self.assertEqual((code, ok), (69, False))
        self.assertEqual({name for name, check in checks.items() if check["state"] == "fail"}, {"worker", "encoder.libx264", "filter.zscale"})
        self.assertEqual(checks["sandbox"]["state"], "warn")
        self.assertIn("libavcodec-extra", checks["encoder.libx264"]["advice"])

    def test_a_folder_that_takes_no_file(self):
        code, ok, checks = self.states(REELMILL, "/proc/self")
        self.assertEqual((code, ok, checks["write.project"]["state"]), (69, False, "fail"))


class Completions(unittest.TestCase):
    def bash(self, *words):
        script = 'source <("$1" completions bash); shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _reelmill; printf "%s\\n" "${COMPREPLY[@]}"'
        done = subprocess.run(["bash", "-c", script, "bash", REELMILL, "reelmill", *words], capture_output=True, text=True, cwd=REPOSITORY)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split()

    def test_bash(self):
        self.assertEqual(self.bash("pl"), ["plan"])
        self.assertEqual(self.bash("run", "--dr"), ["--draft"])
        self.assertEqual(self.bash("presets", "you"), ["youtube"])
        self.assertEqual(self.bash("export", "--to", "youtube,tik"), ["youtube,tiktok"])
        self.assertEqual(self.bash("ops", "stab"), ["stabilize"])
        self.assertEqual(self.bash("clean", "--no-stab"), ["--no-stabilize"])
        self.assertEqual(self.bash("plan", "READ"), ["README.md"])
        self.assertEqual(set(self.bash("help", "")), set(names()))

    def test_the_others_are_read_by_their_shells(self):
        for shell, check in (("zsh", ["zsh", "-n"]), ("fish", ["fish", "--no-execute"])):
            text = call("completions", shell).stdout
            for name in names():
                self.assertIn(name, text)
            self.assertIn("stabilize", text)
            with tempfile.NamedTemporaryFile("w", suffix="." + shell) as file:
                file.write(text)
                file.flush()
                done = subprocess.run([*check, file.name], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""), shell)


class Manual(unittest.TestCase):
    def test_every_page_is_clean_roff_and_names_every_option(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(call("man", "--write", folder).returncode, 0)
            pages = {path.name: path for path in pathlib.Path(folder).iterdir()}
            self.assertEqual(set(pages), {"reelmill.1", "reelmill-operations.7", *("reelmill-%s.1" % name for name in names())})
            for name, path in pages.items():
                with self.subTest(name):
                    done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-P-cbou", path], capture_output=True, text=True)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    command = name[len("reelmill-"):-2]
                    if name.endswith(".1") and name != "reelmill.1":
                        self.assertEqual(call("man", command).stdout, path.read_text())
                        shown = re.sub(r"\s+", " ", done.stdout.replace("‐\n", "").replace("−", "-"))
                        for option in re.findall(r"^  .*?(--[a-z-]+)", call(command, "--help").stdout, re.MULTILINE):
                            self.assertIn(option, shown)


if __name__ == "__main__":
    unittest.main()
