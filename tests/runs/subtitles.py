# SPDX-License-Identifier: GPL-3.0-or-later
"""Captions of a file: burned where and when they should be, beside the film, and as a track; and what a changed line costs."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import numpy

import _facts as facts
import incremental
import incremental_media
import picture_media as media
import transcribe

LONG = bool(os.environ.get("REELMILL_LONG"))
PLAIN = {"out": "{ resolution: 320x192, preset: ultrafast, crf: 4 }"}
BURN = "subtitles: { file: words.srt, formats: [vtt], burn: { %s } }"
LATIN = "1\n00:00:01,000 --> 00:00:02,000\nHello there\n\n2\n00:00:02,500 --> 00:00:03,000\n<i>And</i> two\nlines\n"


def drawn(path, plain, size=(320, 192)):
    """Of every frame, where it differs from the one without captions: (top, bottom, left, right), or None."""
    out = []
    for a, b in zip(facts.pictures(path, *size).astype(int), facts.pictures(plain, *size).astype(int)):
        rows, columns = numpy.nonzero(numpy.abs(a - b) > 40)
        out.append((rows.min(), rows.max() + 1, columns.min(), columns.max() + 1) if len(rows) else None)
    return out


class Captioned(unittest.TestCase):
    CLIP = "scenery.mkv"

    def project(self, words, operations, exports=None, clip=None, name="words.srt"):
        project = facts.Project([media.clip(clip or self.CLIP)], exports or PLAIN, operations)
        self.addCleanup(project.__exit__)
        (project.folder / name).write_bytes(words if isinstance(words, bytes) else words.encode())
        return project

    def made(self, words, operations, exports=None, clip=None):
        project = self.project(words, operations, exports, clip)
        project.run()
        return project.output(clip or self.CLIP, next(iter(exports or PLAIN)))


class Burned(Captioned):
    @classmethod
    def setUpClass(cls):
        cls.bare = {}

    def plain(self, exports, clip):
        return self.made(LATIN, "", exports, clip)

    def frames(self, words, look="", exports=None, clip="moving.mkv", size=(320, 192)):
        return drawn(self.made(words, BURN % look, exports, clip), self.plain(exports, clip), size)

    def test_shown_from_the_first_to_the_last_frame_and_inside_the_safe_area(self):
        found = self.frames(LATIN)
        shown = [at for at, box in enumerate(found) if box]
        self.assertEqual(shown, list(range(30, 60)) + list(range(75, 90)))
        for at in shown:
            top, bottom, left, right = found[at]
            self.assertGreaterEqual(top, 100)
            self.assertLessEqual(bottom, 192 - 8)
            self.assertLess(abs((left + right) / 2 - 160), 4, "it is not centred")
        one, two = found[40], found[80]
        self.assertGreater(two[1] - two[0], 1.6 * (one[1] - one[0]), "two lines are as high as one")

    def test_size_is_of_288_lines(self):
        small, large = (self.frames(LATIN, "size: %d" % size)[40] for size in (12, 24))
        ratio = (large[3] - large[2]) / (small[3] - small[2])
        self.assertLess(abs(ratio - 2), 0.15)

    def test_at_the_top(self):
        words = "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n" \
                "Dialogue: 0,0:00:00.50,0:00:01.00,Default,,0,0,0,,{\\an8}above\n"
        project = self.project(words, "subtitles: { file: words.ass, formats: none, burn: {} }", clip="moving.mkv", name="words.ass")
        project.run()
        found = drawn(project.output("moving.mkv", "out"), self.plain(None, "moving.mkv"))
        self.assertEqual([at for at, box in enumerate(found) if box], list(range(15, 30)))
        self.assertLess(found[20][1], 90)

    def test_long_lines_are_broken_anew_in_an_upright_picture(self):
        exports = {"out": "{ resolution: 192x320, preset: ultrafast, crf: 4, fit: crop }"}
        words = "1\n00:00:01,000 --> 00:00:02,000\nThis is a line that is much too long\nfor a picture that stands upright\n"
        found = self.frames(words, "", exports, "moving.mkv", (192, 320))[40]
        self.assertGreaterEqual(found[2], 4)
        self.assertLessEqual(found[3], 188)
        self.assertGreater(found[0], 0.55 * 320, "it is a wall")

    def test_other_scripts_are_set_in_fonts_that_have_them(self):
        for text in ("漢字かな交じり文", "Привет, мир", "שלום עולם", "مرحبا بالعالم"):
            with self.subTest(text):
                found = self.frames("1\n00:00:01,000 --> 00:00:02,000\n%s\n" % text)
                self.assertEqual([at for at, box in enumerate(found) if box], list(range(30, 60)))

    def test_what_no_font_has_is_an_error_before_anything_is_rendered(self):
        project = self.project("1\n00:00:01,000 --> 00:00:02,000\nGothic \U00010348\U000e0fff\n", BURN % "")
        done = project.call("run")
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn("no installed font has a glyph", done.stderr)
        self.assertIn("00:00:01", done.stderr)
        self.assertEqual(project.outputs(), {})

    def test_markup_stays_text(self):
        plain = self.frames("1\n00:00:01,000 --> 00:00:02,000\nlow and small\n")[40]
        for text in ("{\\fs200}low and small", "low \\N and small", "<font size=90>low and small</font>", "{\\pos(1,1)}low and small"):
            with self.subTest(text):
                found = self.frames("1\n00:00:01,000 --> 00:00:02,000\n%s\n" % text)[40]
                self.assertLess(found[1] - found[0], 2.5 * (plain[1] - plain[0]))
                self.assertGreater(found[0], 100)


class Beside(Captioned):
    def text_of(self, path, index=0):
        done = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:s:%d" % index, "-f", "srt", "-"],
                              capture_output=True, text=True, check=True)
        return done.stdout

    def test_a_track_in_every_container_that_can(self):
        words = "1\n00:00:00,500 --> 00:00:01,200\nfirst & <second>\n\n2\n00:00:02,000 --> 00:00:03,000\nthird\n".replace("<second>", "\\<second>")
        words = words.replace("\\<second>", "2 < 3")
        exports = {"a": "{ resolution: 320x192, preset: ultrafast, container: mp4 }", "b": "{ resolution: 320x192, preset: ultrafast, container: mov }",
                   "c": "{ resolution: 320x192, preset: ultrafast, container: mkv }", "d": "{ preset: youtube, resolution: 320x192, speed: ultrafast }"}
        project = self.project(words, "subtitles: { file: words.srt, formats: none, track: true }", exports)
        project.run()
        for name, container in (("a", "mp4"), ("b", "mov"), ("c", "mkv"), ("d", "mp4")):
            with self.subTest(name):
                path = project.output(self.CLIP, name, container)
                packets = facts.packets_of(path, "s")
                start = float(facts.shown_times(path)[0][0])
                times = [(float(p["pts_time"]) - start, float(p["duration_time"])) for p in packets if int(p["size"]) > 2]
                self.assertEqual(len(times), 2)
                self.assertLess(abs(times[0][0] - 0.5) + abs(times[1][0] - 2), 0.003)
                self.assertLess(abs(times[0][1] - 0.7) + abs(times[1][1] - 1), 0.003)
                self.assertIn("first & 2 < 3", self.text_of(path))
                self.assertEqual(facts.decode_errors(path), "")

    def test_files_in_every_format_and_what_a_person_changed_is_kept(self):
        project = self.project(LATIN, "subtitles: { file: words.srt, formats: [srt, vtt, ass, ttml] }")
        project.run()
        folder = project.folder / "metadata/subtitles"
        self.assertEqual(sorted(path.suffix for path in folder.iterdir()), [".ass", ".srt", ".ttml", ".vtt"])
        self.assertIn("00:00:01,000 --> 00:00:02,000\nHello there\n", (folder / "scenery.srt").read_text())
        changed = (folder / "scenery.vtt").read_text().replace("Hello", "Hallo")
        (folder / "scenery.vtt").write_text(changed)
        (project.folder / "words.srt").write_text(LATIN.replace("two", "three"))
        project.run()
        self.assertEqual((folder / "scenery.vtt").read_text(), changed, "a person's file was replaced")
        self.assertIn("three", (folder / "scenery.srt").read_text())

    def test_an_unchanged_rerun_plans_nothing(self):
        project = self.project(LATIN, "subtitles: { file: words.srt, track: true }")
        project.run()
        self.assertNotIn("stage_started", project.run("--json").stdout)
        (project.folder / "metadata/subtitles/scenery.srt").unlink()
        self.assertNotIn("stage_started", project.run("--json").stdout)
        self.assertTrue((project.folder / "metadata/subtitles/scenery.srt").exists())

    def test_one_shot_keeps_the_captions_and_takes_corrections(self):
        project = self.project(LATIN, "")
        clip = media.clip(self.CLIP)
        done = project.call("subtitle", clip, "-o", "made.mkv", "--captions", "words.srt")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Hello there", self.text_of(project.folder / "made.mkv"))
        self.assertIn("Hello there", (project.folder / "made.srt").read_text())
        self.assertIn("ffv1", facts.stream_of(project.folder / "made.mkv")["codec_name"], "the picture was not copied")


class Mistakes(Captioned):
    def said(self, operations, words=LATIN):
        project = self.project(words, operations)
        done = project.call("run")
        self.assertEqual(project.outputs(), {})
        return done.returncode, done.stderr

    def test_each_says_what_is_wrong(self):
        for operations, code, text in (
                ("subtitles: {}", 65, "says nothing of where captions come from"),
                ("subtitles: { file: words.srt, transcribe: {} }", 65, "stands beside 'transcribe'"),
                ("subtitles: { file: words.txt }", 65, "must end in one of .srt, .vtt, .ass, .ttml"),
                ("subtitles: { file: ../words.srt }", 65, "may not have '.' or '..'"),
                ("subtitles: { file: nothing.srt }", 65, "nothing.srt"),
                ("subtitles: { file: words.srt, burn: { size: 500 } }", 65, "'size' must be"),
                ("subtitles: { file: words.srt, burn: { font: Nowhere } }", 65, "is not installed"),
                ("subtitles: { file: words.srt, brn: {} }", 65, "did you mean 'burn'?"),
                ("subtitles: { file: words.srt, formats: [srt, doc] }", 65, "'formats' must be"),
                ("subtitles: { file: words.srt, formats: [srt, vtt], to: one.srt }", 65, "add {ext}"),
                ("video: [burn]", 65, "put it below 'subtitles:'"),
                ("subtitles: { file: words.srt, profile: nobody }", 65, "'profile'")):
            with self.subTest(operations):
                found, said = self.said(operations)
                self.assertIn(text, said)
                self.assertEqual(found, code, said)

    def test_a_broken_caption_file_names_its_line(self):
        code, said = self.said("subtitles: { file: words.srt }", b"\x00\x01\x02nothing here\n")
        self.assertNotEqual(code, 0)
        self.assertIn("words.srt", said)


@unittest.skipUnless(transcribe.has_speech(), "scripts/setup --speech has fetched no models")
class Spoken(unittest.TestCase):
    """Captions of what is said, in a project."""
    EXPORTS = {"out": "{ resolution: 320x192, preset: ultrafast }"}

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-film-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.film = cls.folder / "talk.mp4"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-stream_loop", "4", "-i", media.clip("moving.mkv"), "-i",
                        transcribe.SOURCES / "demo-congrats.wav", "-t", "14", "-map", "0:v", "-map", "1:a", "-c:v", "libx264", "-preset",
                        "ultrafast", "-g", "30", "-c:a", "aac", cls.film], check=True)

    def project(self, operations):
        project = facts.Project([self.film], self.EXPORTS, operations)
        self.addCleanup(project.__exit__)
        return project

    def walks(self, said):
        return [json.loads(line)["walk"] for line in said.stdout.splitlines() if '"stage_started"' in line]

    def test_a_word_is_corrected_without_hearing_or_rendering_all_again(self):
        operations = "subtitles: { transcribe: { model: tiny.en }, formats: [srt, vtt], track: true, burn: {} }"
        project = self.project(operations)
        walks = self.walks(project.run("--json"))
        self.assertEqual(walks.count("transcript"), 1)
        written = project.folder / "metadata/subtitles/talk.srt"
        text = written.read_text()
        self.assertIn("Congratulations", text)
        self.assertEqual(project.call("captions", "check", written, "--rate", "30").returncode, 0)
        self.assertEqual(self.walks(project.run("--json")), [])
        written.write_text(text.replace("Congratulations", "Felicitations"))
        said = project.run("--json")
        self.assertIn("changed by hand", said.stdout)
        self.assertEqual(set(self.walks(said)), {"video", "mux"})
        made, of = incremental.render_of(project)
        self.assertLess(made, of)
        self.assertIn("Felicitations", written.read_text())
        self.assertIn("Felicitations", (project.folder / "metadata/subtitles/talk.vtt").read_text())
        fresh = self.project("subtitles: { file: talk.srt, formats: none, track: true, burn: {} }")
        shutil.copy(written, fresh.folder / "talk.srt")
        fresh.run("--jobs", "1")
        self.assertEqual(hashlib.sha256(fresh.output(self.film, "out").read_bytes()).hexdigest(),
                         hashlib.sha256(project.output(self.film, "out").read_bytes()).hexdigest())

    def test_a_film_without_sound_gets_none_and_stops_nobody(self):
        silent = self.folder / "silent.mp4"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", self.film, "-t", "1", "-an", "-c", "copy", "-y", silent], check=True)
        project = facts.Project([silent], self.EXPORTS, "subtitles: { transcribe: { model: tiny.en }, track: true, burn: {} }")
        self.addCleanup(project.__exit__)
        self.assertIn("no sound: it gets no captions", project.run().stdout)
        self.assertIsNone(facts.stream_of(project.output(silent, "out"), "s"))

    def test_a_model_that_is_not_there(self):
        project = self.project("subtitles: { transcribe: { model: enormous } }")
        done = project.call("run")
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn("enormous", done.stderr)
        self.assertEqual(project.outputs(), {})


class Corrected(incremental.Film):
    """A line is corrected in a film with burned captions."""

    def words(self, count, changed=None):
        return "".join("%d\n00:%02d:%02d,000 --> 00:%02d:%02d,500\n%s\n\n" %
                       (at + 1, at * 4 // 60, at * 4 % 60, (at * 4 + 2) // 60, (at * 4 + 2) % 60, "changed" if at == changed else "line %d" % at)
                       for at in range(count))

    def correct(self, shots, exports):
        """How many times faster a corrected line is there than the whole film was."""
        count = len(shots)
        incremental_media.join(shots, self.film)
        operations = "subtitles: { file: words.srt, formats: none, burn: {} }"
        project = self.project(operations, exports)
        words = project.folder / "words.srt"
        took = []
        for changed in (None, count // 2):
            words.write_text(self.words(count, changed))
            begin = time.perf_counter()
            project.run()
            took.append(time.perf_counter() - begin)
        made, of = incremental.render_of(project)
        print("a line of %d was corrected in a film of %.0f s: %d of %d chunks, %.2f s instead of %.1f s, %.0f times faster" % (
            count, float(facts.stream_of(self.film)["duration"]), made, of, took[1], took[0], took[0] / took[1]))
        self.assertLessEqual(made, 2)
        self.assertGreater(made, 0)
        fresh = self.project(operations, exports)
        (fresh.folder / "words.srt").write_text(self.words(count, count // 2))
        fresh.run("--jobs", "1")
        self.assertEqual(project.outputs(), fresh.outputs())
        return took[0] / took[1]

    def test_a_minute(self):
        self.correct([incremental_media.shot(seed, 120, "30") for seed in range(11)], incremental.SMALL)

    @unittest.skipUnless(LONG, "--long")
    def test_ten_minutes(self):
        exports = {"one": "{ resolution: 640x360, preset: veryfast, crf: 24 }"}
        self.assertGreaterEqual(self.correct([incremental_media.shot(seed, 240, "30") for seed in range(75)], exports), 30)


if __name__ == "__main__":
    facts.main()
