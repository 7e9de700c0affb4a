# SPDX-License-Identifier: GPL-3.0-or-later
"""clean and export make the films asked for, where asked for, and touch nothing else; drafts and previews are parts of a
project's films under names of their own."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import _facts as facts
import make_media

SMALL = ["--set", "youtube.resolution=160x96", "--set", "youtube.speed=ultrafast"]
QUICK = ["--set", "clean.speed=ultrafast"]


def tree(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


class OneShot(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-oneshot-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.work = self.folder / "work"
        self.work.mkdir()
        self.cache = self.folder / "cache"
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(self.cache)}
        self.environment.pop("REELMILL_CACHE", None)

    def put(self, clip, name):
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(make_media.clip(clip), path)
        return path

    def stamps(self, folder):
        return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (self.work / folder).iterdir()}

    def call(self, *arguments):
        return subprocess.run([facts.REELMILL, *map(str, arguments)], cwd=self.work, env=self.environment, capture_output=True, text=True)

    def made(self, *arguments):
        done = self.call(*arguments)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr)
        return done

    def refused(self, code, *arguments, says=()):
        before = tree(self.work)
        done = self.call(*arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        for word in says:
            self.assertIn(word, done.stderr)
        self.assertEqual(tree(self.work), before)


class Clean(OneShot):
    def test_one_film(self):
        source = self.put("fps25.mp4", "raw/talk.mp4")
        before = tree(self.work)
        self.made("clean", "raw/talk.mp4", "-o", "out/better.mp4", *QUICK)
        self.assertEqual({name: hash_ for name, hash_ in tree(self.work).items() if name != "out/better.mp4"}, before)
        made = facts.stream_of(self.work / "out/better.mp4")
        given = facts.stream_of(source)
        for field in ("width", "height", "r_frame_rate", "nb_frames"):
            self.assertEqual(made[field], given[field], field)
        self.assertEqual(facts.decode_errors(self.work / "out/better.mp4"), "")
        self.assertTrue((self.cache / "reelmill/cache").is_dir())
        # The grade: brightness 0.05 and contrast 1.1 raise the mean; without it the picture stays as it was.
        self.made("clean", "raw/talk.mp4", "-o", "plain.mp4", *QUICK, "--no-grade", "--no-stabilize")
        mean = {name: facts.pictures(path, 160, 96).mean() for name, path in (
            ("source", source), ("plain", self.work / "plain.mp4"), ("better", self.work / "out/better.mp4"))}
        self.assertAlmostEqual(mean["plain"], mean["source"], delta=1.5)
        self.assertGreater(mean["better"], mean["source"] + 5)

    def test_steps_are_those_of_a_new_project(self):
        self.put("two_frames.mp4", "a.mp4")
        self.made("new", "film")
        shutil.copy(self.work / "a.mp4", self.work / "film/00_source/video/raw/a.mp4")
        operations = [op["name"] for op in json.loads(self.call("ops", "--json").stdout)["operations"]]

        def steps(*arguments):
            plan = json.loads(self.made(*arguments, "--json").stdout)["stages"]
            return [task for stage in plan if stage["walk"] in ("video", "audio") for task in stage["tasks"]
                    if task.split()[0] in operations]
        expected = steps("plan", "film")
        self.assertEqual(len(expected), 5)
        self.assertEqual(steps("clean", "a.mp4", "-o", "b.mp4", "--dry-run"), expected)
        changed = steps("clean", "a.mp4", "-o", "b.mp4", "--dry-run", "--no-stabilize", "--set", "grade.brightness=0.1")
        self.assertEqual([step.split()[0] for step in changed], ["grade", "highpass", "lowpass", "denoise"])
        self.assertIn("brightness=0.1 contrast=1.1", changed[0])
        self.assertFalse((self.work / "b.mp4").exists())

    def test_many_at_once(self):
        self.put("two_frames.mp4", "a.mp4")
        self.put("no_sound.mp4", "more/b.mp4")
        self.put("two_frames.mp4", "more/deep/c.MP4")
        self.put("two_frames.mp4", "more/.hidden/d.mp4")
        self.put("two_frames.mp4", "globbed/e1.mp4")
        self.put("two_frames.mp4", "globbed/f1.mp4")
        self.made("clean", "a.mp4", "more", "globbed/e*.mp4", "-o", "more/done/", "--set", "clean.resolution=160x96", *QUICK)
        names = ["a_clean.mp4", "b_clean.mp4", "c_clean.mp4", "e1_clean.mp4"]
        self.assertEqual(sorted(path.name for path in (self.work / "more/done").iterdir()), names)
        # Again: what was made lies in the folder of the sources now, and is no footage.
        stamps = self.stamps("more/done")
        self.made("clean", "a.mp4", "more", "globbed/e*.mp4", "-o", "more/done/", "--set", "clean.resolution=160x96", *QUICK)
        self.assertEqual(self.stamps("more/done"), stamps)

    def test_nothing_of_the_users_is_overwritten(self):
        self.put("two_frames.mp4", "a.mp4")
        (self.work / "mine.mp4").write_text("mine\n")
        self.refused(64, "clean", "a.mp4", "-o", "mine.mp4", *QUICK, says=("mine.mp4", "--overwrite"))
        self.made("clean", "a.mp4", "-o", "mine.mp4", *QUICK, "--overwrite")
        self.assertEqual(facts.decode_errors(self.work / "mine.mp4"), "")
        # What reelmill made and nobody changed may be made anew.
        first = tree(self.work)
        self.made("clean", "a.mp4", "-o", "mine.mp4", *QUICK, "--set", "grade.brightness=0.2")
        self.assertNotEqual(tree(self.work), first)
        with (self.work / "mine.mp4").open("ab") as file:
            file.write(b"!")
        self.refused(64, "clean", "a.mp4", "-o", "mine.mp4", *QUICK, says=("changed since",))

    def test_an_input_is_never_overwritten(self):
        self.put("two_frames.mp4", "a.mp4")
        self.put("two_frames.mp4", "a_clean.mp4")
        (self.folder / "link").symlink_to(self.work)
        for output in ("a.mp4", "./a.mp4", self.folder / "link/a.mp4"):
            self.refused(64, "clean", "a.mp4", "-o", output, "--overwrite", says=("overwrite a source",))
        self.refused(64, "clean", "a.mp4", "a_clean.mp4", "-o", ".", "--overwrite", says=("overwrite a source",))

    def test_mistakes(self):
        self.put("two_frames.mp4", "a.mp4")
        self.put("two_frames.mp4", "b/a.mp4")
        (self.work / "empty").mkdir()
        out = ["-o", "out.mp4"]
        self.refused(64, "clean", "a.mp4", says=("--output",))
        self.refused(66, "clean", "gone.mp4", *out, says=("gone.mp4",))
        self.refused(66, "clean", "gone/*.mp4", *out, says=("gone/*.mp4",))
        self.refused(66, "clean", "empty", *out, says=("no footage",))
        self.refused(64, "clean", "a.mp4", "b/a.mp4", *out, says=("folder",))
        self.refused(64, "clean", "a.mp4", "b/a.mp4", "-o", "out/", says=("would both become",))
        self.refused(64, "clean", "a.mp4", "-o", "out.txt", says=("out.txt", "container", "mp4"))
        self.refused(64, "clean", "a.mp4", *out, "--no-stabilise", says=("did you mean '--no-stabilize'?",))
        self.refused(64, "clean", "a.mp4", *out, "--set", "grade", says=("NAME.PARAMETER=VALUE",))
        self.refused(64, "clean", "a.mp4", *out, "--set", "grad.contrast=1", says=("did you mean 'grade'?",))
        self.refused(64, "clean", "a.mp4", *out, "--set", "grade.contrst=1", says=("did you mean 'contrast'?",))
        self.refused(64, "clean", "a.mp4", *out, "--set", "grade.contrast=7", says=("between 0 and 3",))
        self.refused(64, "clean", "a.mp4", *out, "--no-grade", "--set", "grade.contrast=1", says=("switched off",))
        (self.work / "text.mp4").write_text("this is no footage\n" * 50)
        self.refused(66, "clean", "text.mp4", *out, says=("text.mp4",))
        self.environment.update(XDG_CACHE_HOME="", HOME="")
        self.refused(69, "clean", "a.mp4", *out, says=("REELMILL_CACHE",))


class Export(OneShot):
    def test_is_what_a_project_makes(self):
        source = self.put("cfr30.mp4", "film.mp4")
        self.made("export", "film.mp4", "--to", "youtube,fast_draft", *SMALL, "--set", "fast_draft.resolution=96x64", "-o", "up")
        self.assertEqual(sorted(path.name for path in (self.work / "up").iterdir()), ["film_fast_draft.mp4", "film_youtube.mp4"])
        with facts.Project([source], {"youtube": "{ resolution: 160x96, speed: ultrafast }", "fast_draft": "{ resolution: 96x64 }"}) as project:
            project.run("--jobs", "1")
            for export in ("youtube", "fast_draft"):
                self.assertEqual(project.output(source, export).read_bytes(), (self.work / "up" / ("film_%s.mp4" % export)).read_bytes())
        self.assertEqual(sorted(path.name for path in self.work.iterdir()), ["film.mp4", "up"])

    def test_to_this_folder_and_with_a_cache_of_ones_own(self):
        self.put("two_frames.mp4", "a.mp4")
        self.environment["REELMILL_CACHE"] = str(self.folder / "own")
        self.made("export", "*.mp4", "--to", "youtube", *SMALL, "--json")
        self.assertEqual(sorted(path.name for path in self.work.iterdir()), ["a.mp4", "a_youtube.mp4"])
        self.assertFalse(self.cache.exists())
        done = self.made("export", "*.mp4", "--to", "youtube", *SMALL, "--json")
        events = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([event["event"] for event in events], ["run_started", "output_written", "run_finished"])

    def test_two_at_the_same_time(self):
        self.put("fps25.mp4", "a.mp4")
        runs = [subprocess.Popen([facts.REELMILL, "export", "a.mp4", "--to", "youtube", *SMALL, "-o", name], cwd=self.work,
                                 env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for name in ("x", "y")]
        for run in runs:
            self.assertEqual((run.communicate()[1], run.returncode), (b"", 0))
        self.assertEqual((self.work / "x/a_youtube.mp4").read_bytes(), (self.work / "y/a_youtube.mp4").read_bytes())

    def test_mistakes(self):
        self.put("two_frames.mp4", "a.mp4")
        self.refused(64, "export", "a.mp4", says=("--to",))
        self.refused(64, "export", "a.mp4", "--to", "yotube", says=("did you mean 'youtube'?",))
        self.refused(64, "export", "a.mp4", "--to", "youtube,youtube", says=("listed twice",))
        self.refused(64, "export", "a.mp4", "--to", "youtube", "--set", "tiktok.crf=20", says=("no 'tiktok'",))
        self.refused(64, "export", "a.mp4", "--to", "youtube", "--set", "youtube.crf=99", says=("between 1 and 51",))
        self.refused(64, "export", "a.mp4", "--to", "youtube", "-o", "a.mp4", says=("folder",))


class Parts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clip = make_media.clip("cfr30.mp4")
        cls.project = facts.Project([cls.clip], {"film": "{ resolution: 160x96, preset: ultrafast, crf: 20 }",
                                                 "faster": "{ resolution: 96x64, preset: ultrafast, fps: 50 }"})
        cls.addClassCleanup(cls.project.__exit__)
        cls.project.run("--only", "film")
        cls.before = cls.project.outputs()

    def tearDown(self):
        now = self.project.outputs()
        self.assertEqual({path: now[path] for path in self.before}, self.before)
        for name in ("draft", "preview"):
            shutil.rmtree(self.project.folder / "02_output" / name, ignore_errors=True)

    def only_file(self, folder):
        files = list((self.project.folder / "02_output" / folder).iterdir())
        self.assertEqual(len(files), 1, files)
        return files[0]

    def numbers(self, path):
        return list(make_media.read_numbers(facts.pictures(path, make_media.WIDTH, make_media.HEIGHT)))

    def test_a_draft_is_half_the_size_and_not_delivered(self):
        self.project.run("--draft", "--only", "film")
        film = self.only_file("draft")
        self.assertEqual(film.name, "cfr30_film_draft.mp4")
        stream = facts.stream_of(film)
        self.assertEqual((stream["width"], stream["height"]), (80, 48))
        self.assertEqual(self.numbers(film), self.numbers(self.clip))

    def test_a_preview_shows_these_seconds_only(self):
        for jobs in ("1", "3"):
            self.project.run("--from", "3.5", "--to", "5", "--only", "film", "--jobs", jobs)
            film = self.only_file("preview")
            self.assertEqual(film.name, "cfr30_film_preview_03.5s-05s.mp4")
            self.assertEqual(self.numbers(film), list(range(105, 150)))
            self.assertAlmostEqual(float(facts.stream_of(film, "a")["duration"]), 1.5, delta=0.03)
            self.assertAlmostEqual(float(facts.stream_of(film, "a")["start_time"]), float(facts.stream_of(film)["start_time"]), delta=0.03)
            self.assertEqual(facts.decode_errors(film), "")
            if jobs == "1":
                first = film.read_bytes()
                shutil.rmtree(self.project.folder / ".reelmill/cache")
            self.assertEqual(film.read_bytes(), first)

    def test_from_a_frame_to_the_next(self):
        self.project.run("--from", "1", "--to", "1.01", "--only", "film")
        self.assertEqual(self.numbers(self.only_file("preview")), [30])

    def test_from_the_beginning_to_the_end_is_the_film(self):
        self.project.run("--from", "0", "--only", "film")
        self.assertEqual(self.only_file("preview").read_bytes(), self.project.output(self.clip, "film").read_bytes())

    def test_another_rate_and_a_draft_of_it(self):
        self.project.run("--from", "0:01", "--to", "3 s", "--draft", "--only", "faster")
        film = self.only_file("preview")
        self.assertEqual(film.name, "cfr30_faster_draft_preview_01s-03s.mp4")
        self.assertEqual(int(facts.stream_of(film)["nb_frames"]), 100)
        self.assertEqual((facts.stream_of(film)["width"], facts.stream_of(film)["height"]), (48, 32))

    def test_mistakes(self):
        for arguments, word in ((("--from", "5", "--to", "5"), "not after"), (("--from", "x"), "1:30.5"), (("--to", "1:75"), "1:30.5"),
                                (("--from", "1000"), "long")):
            with self.subTest(arguments):
                done = self.project.call("run", *arguments)
                self.assertEqual(done.returncode, 64, done.stdout + done.stderr)
                self.assertIn(word, done.stderr)
                self.assertFalse((self.project.folder / "02_output/preview").exists())


if __name__ == "__main__":
    unittest.main()
