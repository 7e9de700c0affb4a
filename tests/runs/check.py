# SPDX-License-Identifier: GPL-3.0-or-later
"""`check` and `probe` believe nothing but what is there: whole files of every kind pass, cut, damaged and disguised ones do not,
and what is said of a file is what ffprobe says."""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import _facts as facts
import check_media
import make_media

CONTAINERS = ["cfr30.mp4", "front_index.mp4", "fragmented.mp4", "all_intra_prores.mov", "vfr_a.mkv", "vp9.webm", "mpeg4.avi", "mpeg2.ts",
              "mpeg2.mxf", "program.mpg", "flash.flv", "sound.wav", "sound.flac", "sound.mp3", "sound.ogg", "sound.m4a"]


def reelmill(*arguments, code=None, **options):
    done = subprocess.run([facts.REELMILL, *map(str, arguments)], capture_output=True, text=True, **options)
    if code is not None and done.returncode != code:
        raise AssertionError("%s gave %d:\n%s%s" % (arguments[0], done.returncode, done.stdout[-4000:], done.stderr[-4000:]))
    return done


def check(*paths, code=None):
    return {pathlib.Path(file["path"]).name: file for file in json.loads(reelmill("check", *paths, "--json", code=code).stdout)["files"]}


def codes(file, kind="errors"):
    return [fault["code"] for fault in file[kind]]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)


class Whole(Case):
    def test_files_of_every_kind_pass_a_deep_check(self):
        names = [*make_media.CLIPS, *check_media.WHOLE]
        paths = [check_media.clip(name) for name in names]
        found = check("--deep", *paths)
        wrong = {name: file["errors"] for name, file in found.items() if not file["valid"]}
        self.assertEqual(wrong, {})
        self.assertEqual(len(found), len(set(path.name for path in paths)))
        for name, file in found.items():
            for stream in [file["video"]] * bool(file["video"]) + file["audio"]:
                self.assertGreater(max(v for k, v in stream["decoded"].items() if k in ("frames", "samples")), 0, name)
        # As many pictures as ffprobe counts.
        def counted(path):
            streams = facts.probe(path, "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames")["streams"]
            return int(streams[0]["nb_read_frames"]) if streams else None
        some = ["cfr30.mp4", "open_gop.mp4", "vfr_b.mp4", "mpeg2.ts", "edit_list.mp4", "vp9.webm", "av1.mkv", "one_frame.mp4", "changing.ts"]
        for name in some:
            self.assertEqual(found[name]["video"]["decoded"]["frames"], counted(check_media.clip(name)), name)


class Facts(Case):
    @classmethod
    def setUpClass(cls):
        cls.found = check(*(check_media.clip(name) for name in (
            "cfr30.mp4", "fps25.mp4", "fps2997.mp4", "fps60.mp4", "vfr_a.mkv", "vfr_b.mp4", "wide_pixels.mp4", "ten_bit.mp4", "full_range.mp4",
            "surround.mkv", "mono_22k.mp4", "late_sound.mp4", "sound_with_gap.mkv", "long_gop.mp4", "one_key.mp4", "open_gop.mp4",
            "mpeg2.ts", *check_media.WHOLE)), code=0)

    def test_rates_are_exact(self):
        for name, rate in {"cfr30.mp4": "30", "fps25.mp4": "25", "fps2997.mp4": "30000/1001", "fps60.mp4": "60", "mpeg2.ts": "30",
                           "two_languages.mkv": "30", "flash.flv": "30"}.items():
            self.assertEqual((self.found[name]["video"]["rate"], self.found[name]["video"]["variable_rate"]), (rate, False), name)
        for name in ("vfr_a.mkv", "vfr_b.mp4"):
            self.assertTrue(self.found[name]["video"]["variable_rate"], name)
            self.assertIn("variable_rate", codes(self.found[name], "notes"))

    def test_durations_and_counts_are_those_of_the_packets(self):
        for name in ("cfr30.mp4", "fps2997.mp4", "vfr_b.mp4", "mpeg2.ts", "two_languages.mkv", "mpeg2.mxf"):
            video = self.found[name]["video"]
            begin, end = facts.shown_times(check_media.clip(name))
            self.assertEqual(video["packets"] - video["hidden_packets"], len(begin), name)
            self.assertAlmostEqual(video["start"], begin[0], delta=0.002, msg=name)
            self.assertAlmostEqual(video["duration"], end - begin[0], delta=0.04, msg=name)

    def test_what_ffprobe_says(self):
        for name, found in self.found.items():
            video, stream = found["video"], facts.stream_of(check_media.clip(name))
            if video and video["stream"] == stream["index"]:
                self.assertEqual((video["codec"], video["width"], video["height"], video["pixel_format"]),
                                 (stream["codec_name"], stream["width"], stream["height"], stream.get("pix_fmt")), name)
                self.assertEqual(video["range"], stream.get("color_range"), name)
                if video["profile"]:
                    self.assertEqual(video["profile"], stream.get("profile"), name)
            sound = facts.stream_of(check_media.clip(name), "a")
            if sound:
                self.assertIn((sound["codec_name"], sound["channels"], int(sound["sample_rate"]), sound.get("channel_layout")),
                              [(a["codec"], a["channels"], a["sample_rate"], a["layout"] if sound.get("channel_layout") else None)
                               for a in found["audio"]], name)
            self.assertEqual(found["streams"], len(facts.probe(check_media.clip(name), "-show_streams")["streams"]), name)

    def test_h264_levels(self):
        for name in ("cfr30.mp4", "fps60.mp4"):
            self.assertEqual(float(self.found[name]["video"]["level"]) * 10, facts.stream_of(check_media.clip(name))["level"])

    def test_languages(self):
        audio = self.found["two_languages.mkv"]["audio"]
        self.assertEqual([(a["language"], a["title"]) for a in audio], [("eng", None), ("spa", "Comentario")])

    def test_timecode(self):
        self.assertEqual(self.found["timecode.mov"]["timecode"], "01:02:03:04")

    def test_cover_art_is_no_film(self):
        found = self.found["cover.mp4"]
        self.assertEqual(found["video"]["codec"], "h264")
        self.assertEqual(found["more_video"], [])
        self.assertEqual([(p["codec"], p["width"], p["height"]) for p in found["attached_pictures"]], [("png", 64, 64)])

    def test_rotation_and_mirroring(self):
        matrix = facts.stream_of(check_media.clip("rotated.mp4"))["side_data_list"][0]
        self.assertIn(matrix["rotation"], (90, -90))
        self.assertEqual((self.found["rotated.mp4"]["video"]["rotation"], self.found["rotated.mp4"]["video"]["mirrored"]),
                         (-matrix["rotation"] % 360, False))  # ffprobe turns the other way round
        self.assertTrue(self.found["mirrored.mp4"]["video"]["mirrored"])

    def test_chapters(self):
        self.assertEqual([(c["start"], c["end"], c["title"]) for c in self.found["chapters.mkv"]["chapters"]],
                         [(0, 1, "Part 1"), (1, 2, "Part 2"), (2, 3, "Part 3")])

    def test_the_index_and_edit_lists_of_mp4(self):
        self.assertEqual(self.found["front_index.mp4"]["index"], "first")
        self.assertEqual(self.found["cfr30.mp4"]["index"], "last")
        self.assertGreater(self.found["fragmented.mp4"]["fragments"], 1)
        self.assertGreater(self.found["cfr30.mp4"]["edit_lists"], 0)

    def test_aspect_depth_range_layout(self):
        self.assertEqual(self.found["wide_pixels.mp4"]["video"]["sample_aspect"], "16/11")
        self.assertEqual(self.found["ten_bit.mp4"]["video"]["bits"], 10)
        self.assertEqual(self.found["full_range.mp4"]["video"]["range"], "pc")
        self.assertEqual(self.found["surround.mkv"]["audio"][0]["layout"], "5.1")
        self.assertEqual(self.found["sound.wav"]["audio"][0]["bits"], 24)
        self.assertAlmostEqual(self.found["sound_with_gap.mkv"]["audio"][0]["gaps"], 1.0, delta=0.05)
        self.assertAlmostEqual(self.found["late_sound.mp4"]["audio"][0]["start"], 0.5, delta=0.03)

    def test_groups_of_pictures(self):
        for name in ("cfr30.mp4", "long_gop.mp4", "one_key.mp4", "open_gop.mp4"):
            keys = [i for i, p in enumerate(facts.packets_of(check_media.clip(name))) if "K" in p["flags"]]
            packets = self.found[name]["video"]["packets"]
            lengths = [b - a for a, b in zip(keys, keys[1:] + [packets])]
            self.assertEqual((self.found[name]["video"]["key_frames"], self.found[name]["video"]["longest_gop"]),
                             (len(keys), max(lengths)), name)
        self.assertGreater(self.found["open_gop.mp4"]["video"]["open_key_frames"], 0)

    def test_a_picture_or_sound_that_is_not_there_is_a_note(self):
        self.assertIn("no_picture", codes(self.found["sound.flac"], "notes"))
        self.assertIsNone(self.found["sound.flac"]["video"])
        self.assertIn("no_sound", codes(self.found["mirrored.mp4"], "notes"))


class Interlacing(Case):
    def test_fields_are_seen(self):
        found = check("--deep", *(check_media.clip(name) for name in ("top_first.mpg", "bottom_first.mpg", "woven_untagged.mkv", "program.mpg",
                                                                      "cfr30.mp4")))
        seen = {name: file["video"]["fields_seen"] for name, file in found.items()}
        self.assertGreater(seen["top_first.mpg"]["top_first"], 4 * seen["top_first.mpg"]["bottom_first"] + 3, seen)
        self.assertGreater(seen["cfr30.mp4"]["progressive"], 10, seen)
        self.assertGreater(seen["bottom_first.mpg"]["bottom_first"], 4 * seen["bottom_first.mpg"]["top_first"] + 3, seen)
        self.assertIn("interlaced", codes(found["top_first.mpg"], "notes"))
        self.assertIn("interlacing_untagged", codes(found["woven_untagged.mkv"], "warnings"))
        for name in ("program.mpg", "cfr30.mp4"):
            self.assertEqual(codes(found[name], "warnings"), [], name)
            self.assertNotIn("interlaced", codes(found[name], "notes"), name)


class Damage(Case):
    def test_a_file_cut_short_fails(self):
        for name in CONTAINERS:
            for percent in (1, 10, 50, 99):
                check_media.cut(name, self.folder / ("%02d_%s" % (percent, name)), percent)
        found = check("--deep", self.folder, code=1)
        self.assertEqual(len(found), 4 * len(CONTAINERS))
        self.assertEqual([name for name, file in found.items() if file["valid"]], [])

    def test_a_cut_shows_without_decoding_where_the_container_keeps_sizes(self):
        for name in ("cfr30.mp4", "front_index.mp4", "fragmented.mp4", "vfr_a.mkv", "mpeg4.avi", "mpeg2.mxf", "sound.wav", "sound.ogg"):
            for percent in (50, 99):
                check_media.cut(name, self.folder / ("%02d_%s" % (percent, name)), percent)
        found = check(self.folder, code=1)
        self.assertEqual([name for name, file in found.items() if not {"truncated", "no_index"} & set(codes(file))], [])

    def test_turned_bits_are_found_where_the_codec_can_tell(self):
        for name in ("cfr30.mp4", "vfr_a.mkv", "mpeg2.ts", "sound.flac", "all_intra_ffv1.mkv", "hevc_open_gop.mp4"):
            check_media.flip(name, self.folder / name, [0.2 + 0.005 * i for i in range(100)])
        found = check("--deep", self.folder, code=1)
        self.assertEqual([name for name, file in found.items() if file["valid"]], [])

    def test_parameters_that_change(self):
        found = check("--deep", check_media.clip("changing.ts"))["changing.ts"]
        self.assertEqual(codes(found, "warnings"), ["parameters_change"])

    def test_threads_and_jobs_say_the_same(self):
        for name in ("cfr30.mp4", "mpeg2.ts", "vp9.webm"):
            check_media.flip(name, self.folder / name, [0.3, 0.6])
            shutil.copy(check_media.clip(name), self.folder / ("whole_" + name))
        one, many = (json.loads(reelmill("check", "--deep", "--json", "-j", jobs, self.folder, code=1).stdout) for jobs in (1, 4))
        self.assertEqual(one, many)


class Disguise(Case):
    def expect(self, name, code, content=None):
        if content is not None:
            (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        found = check(self.folder / name, code=1)[name]
        self.assertFalse(found["valid"])
        self.assertEqual(codes(found), [code])
        return found["errors"][0]["message"]

    def test_what_is_no_media(self):
        self.expect("empty.mp4", "empty", b"")
        self.expect("text.mp4", "not_media", "this is no footage\n" * 40)
        self.expect("zeros.mp4", "not_media", bytes(100_000))
        self.expect("noise.mp4", "not_media", os.urandom(100_000).replace(b"\x47", b"\x48"))
        self.expect("picture.mp4", "image", check_media.png(64, 64))
        self.expect("svg.mp4", "image", "<svg xmlns='http://www.w3.org/2000/svg'/>")
        self.expect("archive.mov", "not_media", b"PK\x03\x04" + bytes(2000))
        self.expect("windows.wmv", "unsupported_container", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(2000))
        self.assertIn("no such file", self.expect("missing.mp4", "not_found"))
        os.mkfifo(self.folder / "pipe.mp4")
        self.expect("pipe.mp4", "not_a_file")

    def test_playlists_and_scripts_open_nothing(self):
        port, asked = facts.listening_server(self)
        secret = check_media.clip("mpeg2.ts")
        for place in ("http://127.0.0.1:%d/a.ts" % port, str(secret)):
            self.expect("list.mp4", "playlist", "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n%s\n#EXT-X-ENDLIST\n" % place)
            self.expect("list.mov", "script", "ffconcat version 1.0\nfile '%s'\n" % place)
            self.expect("list.mkv", "playlist", "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'>%s</MPD>" % place)
        self.assertEqual(asked, [])

    def test_a_wrong_extension_is_a_note(self):
        shutil.copy(check_media.clip("two_languages.mkv"), self.folder / "film.mp4")
        found = check(self.folder / "film.mp4", code=0)["film.mp4"]
        self.assertEqual(codes(found, "notes"), ["wrong_extension"])

    def test_what_is_too_large(self):
        for name, allowed in (("huge.avi", {"too_large", "no_size"}), ("thousand_streams.mp4", {"too_many_streams"})):
            for arguments in ((), ("--deep",)):
                before = os.times().children_user
                done = subprocess.run(["/usr/bin/env", "time", "-f", "%M", facts.REELMILL, "check", "--json", *arguments, str(check_media.clip(name))],
                                      capture_output=True, text=True)
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertTrue(allowed & set(codes(json.loads(done.stdout)["files"][0])), done.stdout)
                self.assertLess(os.times().children_user - before, 5, name)
        self.expect_huge_picture()

    def expect_huge_picture(self):
        shutil.copy(check_media.clip("huge.png"), self.folder / "huge.mp4")
        self.expect("huge.mp4", "image")


class Command(Case):
    def fill(self):
        (self.folder / "deep/er").mkdir(parents=True)
        (self.folder / ".hidden").mkdir()
        for place in ("a.mp4", "deep/b.MOV", "deep/er/c.mkv", "deep/er/without_extension", ".hidden/d.mp4"):
            shutil.copy(check_media.clip("two_frames.mp4"), self.folder / place)
        (self.folder / "deep/notes.txt").write_text("not to be looked at\n")
        (self.folder / "deep/bad.mp4").write_bytes(b"")

    def test_folders_are_searched_to_the_bottom(self):
        self.fill()
        document = json.loads(reelmill("check", self.folder, "--json", code=1).stdout)
        names = [str(pathlib.Path(file["path"]).relative_to(self.folder)) for file in document["files"]]
        self.assertEqual(names, ["a.mp4", "deep/b.MOV", "deep/bad.mp4", "deep/er/c.mkv", "deep/er/without_extension"])
        self.assertEqual((document["total"], document["valid"]), (5, 4))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), [".hidden", "a.mp4", "deep"])

    def test_the_table(self):
        self.fill()
        lines = reelmill("check", ".", code=1, cwd=self.folder, env={**os.environ, "NO_COLOR": "1"}).stdout.splitlines()
        self.assertEqual(lines[-1], "4/5 valid")
        self.assertEqual(sum(line.startswith("\u2713 ") for line in lines), 4)
        self.assertEqual([line for line in lines if line.startswith("\u2717")], ["\u2717 ./deep/bad.mp4"])
        self.assertIn("error: the file is empty", "\n".join(lines))
        self.assertIn("h264 160x96 30p yuv420p", lines[0])
        self.assertNotIn("\x1b", "\n".join(lines))

    def test_names_that_are_hard(self):
        for name in ("quo'te \".mp4", "%{x}:[0].mp4", "new\nline.mp4", "\u202egnp.mp4"):
            shutil.copy(check_media.clip("two_frames.mp4"), self.folder / name)
        shutil.copy(check_media.clip("two_frames.mp4"), os.fsencode(self.folder) + b"/latin\xe9.mp4")
        done = reelmill("check", self.folder, code=0)
        self.assertEqual(len(done.stdout.splitlines()), 6, done.stdout)
        self.assertNotIn("\u202e", done.stdout)

    def test_nothing_is_left_behind(self):
        place = self.folder / "tmp"
        place.mkdir()
        shutil.copy(check_media.clip("cfr30.mp4"), self.folder / "a.mp4")
        reelmill("check", "--deep", self.folder / "a.mp4", code=0, env={**os.environ, "TMPDIR": str(place)})
        self.assertEqual(list(place.iterdir()), [])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["a.mp4", "tmp"])

    def test_exit_codes(self):
        reelmill("check", code=64)
        reelmill("check", "--depth", "x.mp4", code=64)
        reelmill("probe", code=64)
        reelmill("probe", check_media.clip("cfr30.mp4"), code=0)
        reelmill("probe", self.folder / "nothing.mp4", code=1)

    def test_the_page(self):
        page = reelmill("probe", "--deep", check_media.clip("two_languages.mkv"), code=0).stdout
        for words in ("codec         h264", "30 a second", "language      spa", "title         Comentario", "90 frames, all whole"):
            self.assertIn(words, page)
        document = json.loads(reelmill("probe", "--json", check_media.clip("two_languages.mkv"), code=0).stdout)
        self.assertEqual(document["video"]["width"], 160)

    def test_the_schema(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        schema = json.loads((pathlib.Path(__file__).resolve().parents[2] / "docs/schemas/check.json").read_text())
        self.fill()
        names = ["two_languages.mkv", "cover.mp4", "chapters.mkv", "sound.wav", "vfr_b.mp4"]
        document = json.loads(reelmill("check", "--deep", "--json", self.folder, *(check_media.clip(n) for n in names)).stdout)
        jsonschema.validate(document, schema)
        document["files"][0]["valid"] = "yes"
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate(document, schema)


class SameWords(Case):
    def test_run_and_plan_say_what_check_says(self):
        with facts.Project(["footage/*"], {"small": "{ resolution: 160x90, preset: ultrafast, crf: 30 }"}) as project:
            footage = project.folder / "footage"
            footage.mkdir()
            bad = footage / "bad.mp4"
            for content, commands in ((b"", ("plan", "run")), (b"#EXTM3U\n/etc/passwd\n", ("plan", "run")), (bytes(5000), ("run",)),
                                      (check_media.clip("front_index.mp4").read_bytes()[:40000], ("run",)),
                                      (check_media.clip("cfr30.mp4").read_bytes()[:40000], ("run",))):
                bad.write_bytes(content)
                message = check(bad, code=1)["bad.mp4"]["errors"][0]["message"]
                for command in commands:
                    done = project.call(command)
                    self.assertEqual(done.returncode, 66, done.stdout + done.stderr)
                    self.assertIn(message, done.stderr)


def make_clips():
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(check_media.clip, [*check_media.CLIPS, *make_media.CLIPS]))


if __name__ == "__main__":
    make_clips()
    facts.main()
