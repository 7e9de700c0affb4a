# SPDX-License-Identifier: GPL-3.0-or-later
"""Footage of every kind comes out upright, progressive, in the right colours and whole: measured on ffmpeg's own decode of the exports."""
import json
import subprocess
import unittest

import numpy

import _facts as facts
import footage_media as media
import make_media

EXPORTS = {
    "small": "{ resolution: 160x96, fit: stretch, preset: ultrafast, crf: 8, fps: 25, profile: high }",
    "hd": "{ resolution: 1280x720, fit: stretch, preset: ultrafast, crf: 14, fps: 25, profile: high }",
}
COLOURED = [name for name in media.CLIPS if media.CLIPS[name].__qualname__.startswith("patch_clip") and not name.startswith("wide")]
NUMBERED = ("size_changes.ts", "header_changes.flv", "lying_header.mp4", "cover_art.mp4", "two_pictures.mp4", "av1.mkv", "mpeg2.mxf")
FIELDS = {"tff.ts": "tff", "bff.mp4": "bff", "tff_10.mov": "tff", "one_key_fields.mp4": "tff"}
HDR = {"pq.mp4": "PQ", "hlg.mp4": "HLG"}


def first_picture(path, matrix, at=0):
    """A picture as RGB, by the matrix that its tags name."""
    stream = facts.stream_of(path)
    size = (stream["height"], stream["width"], 3)
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-noautorotate", "-i", str(path), "-vf",
                          "select=gte(n\\,%d),scale=in_color_matrix=%s:in_range=tv:flags=accurate_rnd+full_chroma_int,format=rgb24" % (at, matrix),
                          "-frames:v", "1", "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(size)


def patches_in(picture):
    height, width, _ = picture.shape
    return numpy.array([picture[height * (1 + 2 * (i // 2)) // 4 - 8:height * (1 + 2 * (i // 2)) // 4 + 8,
                                width * (1 + 2 * (i % 2)) // 4 - 8:width * (1 + 2 * (i % 2)) // 4 + 8].mean(axis=(0, 1)) for i in range(4)])


def tone_mapped(colours, peak):
    """Hable's curve on the brightest channel, from the light the fixtures were given: 203 cd/m² for white; 1.0 is 100 cd/m²."""
    def curve(x):
        return (x * (0.15 * x + 0.05) + 0.004) / (x * (0.15 * x + 0.5) + 0.06) - 0.02 / 0.3
    light = 2.03 * (colours / 255) ** 2.4
    brightest = light.max(axis=1, keepdims=True)
    return 255 * (light * curve(brightest) / curve(peak / 100) / brightest) ** (1 / 2.4)


def greys(path, *filters):
    stream = facts.stream_of(path)
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough", "-vf",
                          ",".join([*filters, "format=gray"]), "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(-1, stream["height"], stream["width"])


def combing(pictures):
    """How much rows differ from both their neighbours, where those agree."""
    rows = pictures.astype(float)
    return float(numpy.clip(numpy.abs(rows[:, 1:-1] * 2 - rows[:, :-2] - rows[:, 2:]) - numpy.abs(rows[:, :-2] - rows[:, 2:]), 0, None).mean())


class Footage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clips = {name: media.clip(name) for name in media.CLIPS if not name.startswith(("shaking", "dolby"))}
        cls.project = facts.Project(cls.clips.values(), {"small": EXPORTS["small"]})
        cls.addClassCleanup(cls.project.__exit__)
        done = cls.project.run("--jobs", 2)
        cls.log = done.stdout + done.stderr
        cls.in_hd = facts.Project([cls.clips[name] for name in (*COLOURED, *HDR)], {"hd": EXPORTS["hd"]})
        cls.addClassCleanup(cls.in_hd.__exit__)
        cls.in_hd.run("--jobs", 2)
        cls.in_box = facts.Project([cls.clips[name] for name in cls.clips if name.startswith("wide_pixels")],
                                   {"box": "{ resolution: 320x192, fit: pad, preset: ultrafast, crf: 8, fps: 25 }"})
        cls.addClassCleanup(cls.in_box.__exit__)
        cls.in_box.run("--jobs", 2)
        plan = json.loads(cls.project.call("plan", "--json").stdout)["stages"]
        cls.tasks = {stage["source"]: stage["tasks"] for stage in plan if stage["id"].endswith("/render")}
        cls.chunks = {stage["source"]: int(stage["outputs"][0].split()[0]) for stage in plan if stage["id"].endswith("/render")}

    def output(self, name, export="small"):
        return (self.in_hd if export == "hd" else self.project).output(self.clips[name], export)

    def test_as_many_pictures_as_the_duration_says(self):
        for name, clip in self.clips.items():
            if name == "doubled_time.mkv":
                continue
            begin, end = facts.shown_times(clip)
            with self.subTest(clip=name):
                self.assertEqual(len(facts.packets_of(self.output(name))), round((end - begin[0]) * 25))
                self.assertEqual(facts.decode_errors(self.output(name)), "")

    def test_colours_are_those_of_the_source_and_the_tags_say_so(self):
        for name in COLOURED:
            for export in EXPORTS:
                with self.subTest(clip=name, export=export):
                    stream = facts.stream_of(self.output(name, export))
                    is_709 = "709" in name or name in ("untagged_hd.mp4", "rgb_hd.mkv")
                    self.assertEqual(stream["color_space"], "bt709" if is_709 or export == "hd" else "smpte170m")
                    self.assertEqual(stream["color_primaries"], "bt709" if is_709 else "smpte170m")
                    self.assertEqual(stream["color_transfer"], stream["color_space"])
                    self.assertEqual(stream["color_range"], "tv")
                    self.assertEqual(stream["pix_fmt"], "yuv420p")
                    found = patches_in(first_picture(self.output(name, export), stream["color_space"], at=5))
                    self.assertLessEqual(numpy.abs(found - numpy.array(media.PATCHES)).max(), 4, found.round(1).tolist())

    def test_high_dynamic_range_becomes_standard(self):
        for name, curve in HDR.items():
            self.assertIn("tone-map %s to BT.709" % curve, self.tasks[name])
            for export in EXPORTS:
                with self.subTest(clip=name, export=export):
                    path = self.output(name, export)
                    stream = facts.stream_of(path)
                    self.assertEqual([stream[key] for key in ("color_space", "color_primaries", "color_transfer", "pix_fmt")],
                                     ["bt709", "bt709", "bt709", "yuv420p"])
                    frame = facts.probe(path, "-select_streams", "v:0", "-read_intervals", "%+#1", "-show_frames")["frames"][0]
                    light = [data["side_data_type"] for data in frame.get("side_data_list", []) + stream.get("side_data_list", [])]
                    self.assertEqual([data for data in light if "aster" in data or "ight" in data], [])
                    found = patches_in(first_picture(path, "bt709", at=5))
                    expected = tone_mapped(numpy.array(media.PATCHES), 600 if curve == "PQ" else 1000)
                    self.assertLessEqual(numpy.abs(found - expected).max(), 6, (found.round(1).tolist(), expected.round(1).tolist()))

    def test_turned_and_mirrored_as_the_display_matrix_says(self):
        grid = numpy.array([[0, 1], [2, 3]])
        for name, (a, b, c, d) in media.ORIENTATIONS.items():
            # Where each patch's centre (±1, ±1) goes: (x, y) is shown at (a·x + c·y, b·x + d·y).
            shown = numpy.zeros((2, 2), int)
            for row, y in enumerate((-1, 1)):
                for column, x in enumerate((-1, 1)):
                    shown[(b * x + d * y + 1) // 2, (a * x + c * y + 1) // 2] = grid[row, column]
            with self.subTest(clip=name):
                path = self.output(name + ".mp4")
                found = patches_in(first_picture(path, "smpte170m", at=5))
                self.assertLessEqual(numpy.abs(found - numpy.array(media.PATCHES)[shown.reshape(-1)]).max(), 4)
                self.assertEqual([data for data in facts.stream_of(path).get("side_data_list", []) if "Display" in data["side_data_type"]], [])
                self.assertNotIn("rotate", facts.stream_of(path).get("tags", {}))
                # ffmpeg turns sources by itself when it decodes them.
                raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(self.clips[name + ".mp4"]), "-vf", "scale=160:96,format=gray",
                                      "-frames:v", "1", "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
                theirs, ours = numpy.frombuffer(raw, numpy.uint8).reshape(96, 160).astype(int), greys(path)[0].astype(int)
                self.assertLess(numpy.abs(theirs - ours).mean(), 3)

    def test_wide_pixels_keep_their_shape_when_turned_too(self):
        for name, (width, height) in {"wide_pixels": (320, 96), "wide_pixels_turned": (58, 192)}.items():
            with self.subTest(clip=name):
                picture = greys(self.in_box.output(name + ".mp4", "box"))[5]
                shown = picture > 30  # bars are 16
                self.assertLessEqual(abs(int(shown.any(axis=0).sum()) - width), 2)
                self.assertLessEqual(abs(int(shown.any(axis=1).sum()) - height), 2)

    def test_film_and_double_rates_show_their_pictures_in_order(self):
        for name, rate in {"film_rate.mkv": 24000 / 1001, "double_rate.mp4": 60000 / 1001}.items():
            with self.subTest(clip=name):
                numbers = list(make_media.read_numbers(facts.pictures(self.output(name), make_media.WIDTH, make_media.HEIGHT)))
                for at, number in enumerate(numbers):
                    self.assertLessEqual(abs((number + 0.5) / rate - (at + 0.5) / 25), 0.5 / rate + 0.5 / 25, at)
                self.assertEqual(numbers, sorted(numbers))

    def test_fields_become_frames(self):
        for name, order in FIELDS.items():
            with self.subTest(clip=name):
                self.assertIn("deinterlace " + order, self.tasks[name])
                if name != "tff_10.mov":
                    self.assertGreater(self.chunks[name], 1, "nothing is said of borders")
                before, after = greys(self.clips[name]), greys(self.output(name))
                theirs = greys(self.clips[name], "bwdif=mode=send_frame:parity=" + order)
                wrong = greys(self.clips[name], "bwdif=mode=send_frame:parity=" + ("bff" if order == "tff" else "tff"))
                self.assertEqual(len(after), len(theirs))
                self.assertGreater(combing(before), 2)
                self.assertLess(combing(after), 0.1 * combing(before))
                off = numpy.abs(after.astype(int) - theirs).mean(axis=(1, 2))
                self.assertLess(off.max(), 2.5, "some picture is not what ffmpeg's bwdif makes of it, at %d" % off.argmax())
                self.assertGreater(numpy.abs(after.astype(int) - wrong).mean(), 2 * off.mean(), "the field order decides")
                self.assertEqual(facts.stream_of(self.output(name)).get("field_order", "progressive"), "progressive")

    def test_numbered_pictures_in_order(self):
        for name in NUMBERED:
            with self.subTest(clip=name):
                pictures = facts.pictures(self.output(name), make_media.WIDTH, make_media.HEIGHT)
                count = {"size_changes.ts": 225, "header_changes.flv": 275}.get(name, 75)
                self.assertEqual(list(make_media.read_numbers(pictures)), list(range(count)))

    def test_a_frame_without_a_time_of_its_own_is_left_out_and_told(self):
        pictures = facts.pictures(self.output("doubled_time.mkv"), make_media.WIDTH, make_media.HEIGHT)
        self.assertEqual(list(make_media.read_numbers(pictures)), [*range(60), 59, 60, *range(62, 125)])
        self.assertIn("doubled_time.mkv: 1 frames are left out", self.log)

    def test_a_changed_size_is_told(self):
        self.assertIn("size_changes.ts: the picture changes from 160x96 to 320x192 at frame 75", self.log)
        self.assertIn("scale to 160x96 after 2 changes of size", self.tasks["size_changes.ts"])

    def test_other_jobs_and_batches_give_the_same_bytes(self):
        with facts.Project(self.clips.values(), {"small": EXPORTS["small"]}) as other:
            other.run("--jobs", 3, "--batch", 1)
            mine, theirs = self.project.outputs(), other.outputs()
            films = [path for path in theirs if path.endswith("_small.mp4")]
            self.assertEqual(len(films), 2 * len(self.clips))
            self.assertEqual([path for path in films if mine[path] != theirs[path]], [])


class Refused(unittest.TestCase):
    def test_colours_that_cannot_be_restored_are_refused(self):
        with facts.Project([media.clip("dolby_vision.mp4")], {"small": EXPORTS["small"]}) as project:
            done = project.call("run")
            self.assertEqual(done.returncode, 66)
            self.assertIn("Dolby Vision", done.stdout + done.stderr)
            self.assertEqual([path for path in project.outputs() if path.endswith(".mp4")], [])


class Shaking(unittest.TestCase):
    def test_motion_is_found_in_ten_bits_and_in_fields(self):
        for name in ("shaking_10.mp4", "shaking_fields.ts"):
            with self.subTest(clip=name):
                clip = media.clip(name)
                export = {"out": "{ resolution: 320x192, preset: ultrafast, crf: 12, fps: 25 }"}
                unrest = []
                for operations in ("", "video: [stabilize]"):
                    with facts.Project([clip], export, operations) as project:
                        project.run()
                        inner = greys(project.output(clip, "out"))[:, 32:-32, 48:-48].astype(float)
                        unrest.append(numpy.abs(numpy.diff(inner, axis=0)).mean())
                self.assertLess(unrest[1], 0.5 * unrest[0], "stabilised %.1f, as it is %.1f" % (unrest[1], unrest[0]))


if __name__ == "__main__":
    unittest.main()
