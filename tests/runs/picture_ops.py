# SPDX-License-Identifier: GPL-3.0-or-later
"""Each operation on the picture does what it says, measured in the pictures that ffmpeg decodes."""
import json
import subprocess
import unittest

import numpy

import _facts as facts
import av_offset
import make_media
import picture_media as media

PLAIN = {"out": "{ resolution: 160x96, preset: ultrafast, crf: 1 }"}


def colours(path, size=(160, 96)):
    """Every picture as red, green and blue, in the order shown."""
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough", "-vf",
                          "scale=flags=accurate_rnd+full_chroma_int", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(-1, size[1], size[0], 3)


def greys(path, size=(160, 96)):
    return facts.pictures(path, *size).astype(float)


def loss(a, b):
    """Mean square error."""
    return ((a.astype(float) - b) ** 2).mean()


class Operations(unittest.TestCase):
    def project(self, clip, operations, exports=None, files=()):
        project = facts.Project([media.clip(clip)], exports or PLAIN, "video: [%s]" % operations)
        self.addCleanup(project.__exit__)
        for name, write in files:
            write(project.folder / name)
        return project

    def made(self, clip, operations, exports=None, files=()):
        project = self.project(clip, operations, exports, files)
        project.run()
        return project.output(clip, next(iter(exports or PLAIN)))

    def patches_after(self, operations, files=()):
        return media.patch_means(colours(self.made("patches.mkv", operations, files=files))[10])

    @classmethod
    def setUpClass(cls):
        cls.before = media.patch_means(colours(media.clip("patches.mkv"))[10])

    # --- colours

    def test_lut_turns_red_around(self):
        write = ("look.cube", lambda path: media.write_cube(path, 5, lambda r, g, b: (1 - r, g, b)))
        after = self.patches_after("lut: { file: look.cube }", [write])
        wanted = self.before * [-1, 1, 1] + [255, 0, 0]
        print("lut: worst difference %.2f of 255" % numpy.abs(after - wanted).max())
        self.assertLess(numpy.abs(after - wanted).max(), 2.5)
        half = self.patches_after("lut: { file: look.cube, strength: 50 % }", [write])
        self.assertLess(numpy.abs(half - (wanted + self.before) / 2).max(), 2.5)

    def test_lut_is_that_of_ffmpeg(self):
        def look(path):
            media.write_cube(path, 9, lambda r, g, b: (r ** 0.8, 0.9 * g + 0.1 * r, min(1, b * b + 0.1 * g)))
        project = self.project("patches.mkv", "lut: { file: look.cube }", files=[("look.cube", look)])
        project.run()
        ours = media.patch_means(colours(project.output("patches.mkv", "out"))[10])
        raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(media.clip("patches.mkv")), "-frames:v", "1", "-vf",
                              "scale=flags=accurate_rnd+full_chroma_int,format=gbrp,lut3d=file=look.cube:interp=tetrahedral", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"],
                             capture_output=True, check=True, cwd=project.folder).stdout
        theirs = media.patch_means(numpy.frombuffer(raw, numpy.uint8).reshape(96, 160, 3))
        print("lut: worst difference from ffmpeg's %.2f of 255" % numpy.abs(ours - theirs).max())
        self.assertLess(numpy.abs(ours - theirs).max(), 2.5)

    def test_white_balance_makes_lamplight_white(self):
        grey = 4
        cooler, warmer = (self.patches_after("white_balance: { temperature: %d K }" % k)[grey] for k in (3200, 9000))
        print("white balance: grey 128 becomes %s at 3200 K, %s at 9000 K" % (cooler.round(), warmer.round()))
        self.assertGreater(cooler[2], 128 + 25)
        self.assertLess(cooler[0], 128 - 8)
        self.assertGreater(warmer[0], 128 + 5)
        self.assertLess(warmer[2], 128 - 8)
        for after in (cooler, warmer):
            self.assertAlmostEqual(after @ [0.299, 0.587, 0.114], 128, delta=7)
        magenta = self.patches_after("white_balance: { tint: 60 }")[grey]
        self.assertGreater(magenta[0] - magenta[1], 8)
        self.assertAlmostEqual(magenta[0], magenta[2], delta=2)

    def test_gamma_keeps_black_and_white(self):
        after = self.patches_after("gamma: { gamma: 2 }")
        grey = self.before[4:7] / 255
        self.assertLess(numpy.abs(after[4:7] - 255 * grey ** 0.5).max(), 2.5)

    # --- detail

    def test_sharpen_steepens_edges(self):
        def steepness(pictures):
            return (numpy.diff(pictures, axis=2) ** 2).mean() + (numpy.diff(pictures, axis=1) ** 2).mean()
        before = steepness(greys(media.clip("scenery.mkv"))[5:6])
        after = steepness(greys(self.made("scenery.mkv", "sharpen: { amount: 1 }"))[5:6])
        print("sharpen: gradient energy %.1f → %.1f" % (before, after))
        self.assertGreater(after, 1.3 * before)

    def test_nlmeans_finds_the_clean_picture(self):
        clean = greys(media.clip("scenery.mkv"))[0]
        before = loss(greys(media.clip("noisy.mkv"))[20], clean)
        after = loss(greys(self.made("noisy.mkv", "nlmeans: { strength: 8 }"))[20], clean)
        print("nlmeans: PSNR %.1f → %.1f dB" % (10 * numpy.log10(255 ** 2 / before), 10 * numpy.log10(255 ** 2 / after)))
        self.assertLess(after, before / 4)

    def test_deband_breaks_the_steps(self):
        def longest_run(picture):
            row = picture[48]
            edges = numpy.flatnonzero(numpy.diff(row))
            return numpy.diff(numpy.concatenate([[0], edges, [len(row)]])).max()
        before = longest_run(facts.pictures(media.clip("bands.mkv"), 160, 96)[5])
        after = longest_run(facts.pictures(self.made("bands.mkv", "deband: { threshold: 2 % }"), 160, 96)[5])
        print("deband: longest flat run %d → %d samples" % (before, after))
        self.assertLess(after, before * 0.7)

    def test_hqdn3d_finds_the_clean_picture(self):
        clean = greys(media.clip("scenery.mkv"))[0]
        before = loss(greys(media.clip("noisy.mkv"))[40], clean)
        after = loss(greys(self.made("noisy.mkv", "hqdn3d: { temporal: 12 }"))[40], clean)
        print("hqdn3d: PSNR %.1f → %.1f dB" % (10 * numpy.log10(255 ** 2 / before), 10 * numpy.log10(255 ** 2 / after)))
        self.assertLess(after, before / 1.5)

    def test_deinterlace_takes_the_combs_away(self):
        def combs(picture):
            return numpy.abs(2 * picture[1:-1] - picture[:-2] - picture[2:]).mean()
        before = combs(greys(media.clip("combed.mkv"))[10])
        after = combs(greys(self.made("combed.mkv", "deinterlace: { field: top }"))[10])
        print("deinterlace: combs %.2f → %.2f" % (before, after))
        self.assertLess(after, before / 3)

    # --- geometry

    def test_crop_cuts_what_it_says(self):
        path = self.made("patches.mkv", "crop: { left: 25 %, bottom: 50 % }", {"out": "{ resolution: 120x48, preset: ultrafast, crf: 1 }"})
        picture = colours(path, (120, 48))[10]
        for at, wanted in enumerate(self.before[1:4]):
            self.assertLess(numpy.abs(picture[10:38, at * 40 + 10:at * 40 + 30].reshape(-1, 3).mean(axis=0) - wanted).max(), 2.5)

    def test_rotate_turns_and_mirrors(self):
        source = colours(media.clip("patches.mkv"))[10]
        upright = {"out": "{ resolution: 96x160, preset: ultrafast, crf: 1, fit: stretch }"}
        for text, turned in (("angle: 90", numpy.rot90(source, -1)), ("angle: 270", numpy.rot90(source)), ("angle: 180", source[::-1, ::-1]),
                             ("angle: 0, flip: horizontal", source[:, ::-1]), ("angle: 180, flip: horizontal", source[::-1]),
                             ("angle: 90, flip: vertical", numpy.rot90(source, -1)[::-1])):
            with self.subTest(text):
                exports = upright if turned.shape[0] > turned.shape[1] else PLAIN
                after = colours(self.made("patches.mkv", "rotate: { %s }" % text, exports), turned.shape[1::-1])[10]
                self.assertLess(numpy.abs(after.astype(float) - turned).mean(), 3)

    # --- in time

    def test_fade_is_a_ramp(self):
        grey = self.made("patches.mkv", "fade: { in: 1 s, out: 0.5 s }")
        means = colours(grey)[:, 56:88, 4:36].reshape(120, -1).mean(axis=1)  # the patch of grey 128
        ramp = numpy.minimum(numpy.minimum(numpy.arange(120) / 30, 1), numpy.minimum((119 - numpy.arange(120)) / 15, 1))
        # In limited range, the luma ramps from 16.
        print("fade: worst distance from the ramp %.1f of 255" % numpy.abs(means - 128 * ramp).max())
        self.assertLess(numpy.abs(means - 128 * ramp).max(), 3)
        white = colours(self.made("patches.mkv", 'fade: { in: 0, out: 1 s, colour: "#FFFFFF" }'))
        self.assertGreater(white[119].mean(), 250)
        self.assertLess(numpy.abs(media.patch_means(white[0]) - self.before).max(), 2.5)

    def test_overlay_is_there_when_and_where_it_should(self):
        # The left half of the image is opaque white, the right half transparent.
        image = numpy.zeros((20, 40, 4), numpy.uint8)
        image[:, :20] = 255
        path = self.made("patches.mkv", "overlay: { file: logo.png, position: top_left, width: 25 %, margin: 12.5 %, from: 1 s, to: 00:00:02 }",
                         files=[("logo.png", lambda path: media.write_png(path, image))])
        pictures, source = colours(path).astype(float), colours(media.clip("patches.mkv")).astype(float)
        inside = (slice(14, 30), slice(14, 30))
        for at in (31, 45, 59):
            self.assertGreater(pictures[at][inside].min(), 245, at)
            rest = numpy.abs(pictures[at] - source[at])
            rest[10:34, 10:34] = 0
            self.assertLess(rest.max(), 12, at)
        for at in (0, 29, 60, 100):
            self.assertLess(numpy.abs(pictures[at] - source[at]).max(), 12, at)

    def test_overlay_keeps_off_the_bars_and_inside_a_crop(self):
        image = numpy.full((10, 10, 4), 255, numpy.uint8)
        exports = {"pad": "{ resolution: 96x160, preset: ultrafast, crf: 1 }", "crop": "{ resolution: 96x160, preset: ultrafast, crf: 1, fit: crop }"}
        project = self.project("patches.mkv", "overlay: { file: logo.png, position: top_right, width: 20 %, margin: 0, opacity: 50 % }", exports,
                               [("logo.png", lambda path: media.write_png(path, image))])
        project.run()
        pad, crop = (colours(project.output("patches.mkv", name), (96, 160))[10].astype(float) for name in ("pad", "crop"))
        self.assertLess(pad[:48].max(), 12)  # the bar above is 51 rows high
        self.assertAlmostEqual(pad[55:66, 80:92].mean(), (255 + self.before[3].mean()) / 2, delta=6)
        self.assertGreater(crop[2:16, 80:94].min(), 140)

    def test_title_stays_in_the_safe_area_and_shows_everything(self):
        path = self.made("patches.mkv", "title: { text: 'a {\\\\b1} \\N 100 % [x]; it''s', size: 9 %, outline: 0, position: bottom, margin: 10 %, from: 1, to: 3 }")
        pictures, source = colours(path).astype(float), colours(media.clip("patches.mkv")).astype(float)
        changed = numpy.abs(pictures[60] - source[60]).max(axis=2) > 40
        rows, columns = numpy.flatnonzero(changed.any(axis=1)), numpy.flatnonzero(changed.any(axis=0))
        self.assertGreater(len(columns), 40)
        self.assertGreaterEqual(columns.min(), 8)
        self.assertLess(columns.max(), 152)
        self.assertLess(rows.max(), 96 - 9)
        self.assertGreater(rows.min(), 40)
        for at in (0, 29, 90, 119):
            self.assertLess(numpy.abs(pictures[at] - source[at]).max(), 12, at)

    def test_a_changed_title_costs_only_its_chunks(self):
        project = self.project("moving.mkv", "title: { text: one, from: 5 s, to: 6 s }")

        def chunks_made():
            events = [json.loads(line) for line in project.run("--json").stdout.splitlines()]
            return sum(event["event"] == "unit_done" and event["id"].startswith("render") for event in events)
        all_chunks = chunks_made()
        self.assertGreaterEqual(all_chunks, 3)
        before = colours(project.output("moving.mkv", "out"))
        project.write([media.clip("moving.mkv")], PLAIN, "video: [title: { text: two, from: 5 s, to: 6 s }]")
        made = chunks_made()
        print("title: another text makes %d of %d chunks again" % (made, all_chunks))
        self.assertIn(made, (1, 2))
        after = colours(project.output("moving.mkv", "out"))
        self.assertTrue((before[:149] == after[:149]).all())
        self.assertTrue((before[150:180] != after[150:180]).any())


class Speed(unittest.TestCase):
    """Picture and sound go faster together."""

    def test_duration_and_step(self):
        clip = make_media.clip("flash_plain.mov")
        for factor in (0.5, 1.5, 2):
            rate = 30 * max(1, factor)  # so that no flash is skipped
            exports = {"out": "{ resolution: 160x96, preset: ultrafast, crf: 30, fps: %g }" % rate}
            with self.subTest(factor=factor), facts.Project([clip], exports, "video: [speed: { factor: %g }]" % factor) as project:
                project.run()
                path = project.output(clip, "out")
                frames = len(facts.packets_of(path))
                self.assertEqual(frames, round(make_media.FLASH_SECONDS / factor * rate))
                seen, heard = av_offset.flashes(path), self.chirps(path)
                wanted = numpy.array(make_media.FLASHES) / factor
                self.assertLess(numpy.abs(numpy.array(seen) - seen[0] - (wanted - wanted[0])).max(), 1 / 30 + 0.001)
                offset = 1000 * (numpy.array(heard) - seen)
                print("speed %g: sound is %+.1f ms from the picture, worst %.1f" % (factor, offset.mean(), numpy.abs(offset).max()))
                self.assertLess(numpy.abs(offset).max(), 1000 / 30)

    def chirps(self, path):
        """The middles of the sounds; a stretched chirp has another shape, so its energy is looked for."""
        raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:a:0", "-ac", "1", "-ar", "48000", "-f", "f32le",
                              "pipe:1"], capture_output=True, check=True).stdout
        heard = numpy.abs(numpy.frombuffer(raw, "<f4"))
        loud = numpy.flatnonzero(heard > 0.3 * heard.max())
        starts = loud[numpy.flatnonzero(numpy.diff(loud, prepend=-48000) > 4800)]
        return starts / 48000


class Mistakes(unittest.TestCase):
    def said(self, operations, clip="patches.mkv"):
        with facts.Project([media.clip(clip)], PLAIN, "video: [%s]" % operations) as project:
            (project.folder / "broken.cube").write_text("LUT_3D_SIZE 2\n0 0 0\n")
            (project.folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
            (project.folder / "text.ttf").write_text("no font")
            done = project.call("run")
            self.assertEqual([path for path in project.outputs()], [])
            return done.returncode, done.stdout + done.stderr

    def test_each_says_what_is_wrong(self):
        for operations, code, *parts in (
                ("lut", 65, "'lut' needs 'file'"),
                ("lut: { file: none.cube }", 65, "yaml:5:22: 'file': there is no file 'none.cube'"),
                ("lut: { file: ../out.cube }", 65, "leads out of the project's folder"),
                ("lut: { file: broken.cube }", 65, "broken.cube", "1 of 8 entries"),
                ("overlay: { file: broken.png }", 66, "broken.png", "damaged"),
                ("overlay: { file: text.ttf }", 66, "neither PNG nor JPEG"),
                ("title: { text: hello, font: text.ttf }", 66, "text.ttf is no font"),
                ("title: { text: hello, font: No Such Family }", 65, "'No Such Family' is not installed"),
                ("title: { text: \"snow \\U0001F3D4\", font: Liberation Sans }", 65, "no glyph for", "U+1F3D4", "Liberation Sans"),
                ("title: { text: Donaudampfschifffahrtsgesellschaftskapitaen, size: 20 % }", 65, "does not fit inside the safe area"),
                ("title: { text: hello, from: 3 s, to: 2 s }", 65, "yaml:5:9: 'title': it would be gone"),
                ("title: { text: hello, colour: red }", 65, "must be a colour such as"),
                ("fade: { in: 1:75 }", 65, "must be a time such as"),
                ("overlay: { file: broken.png }, crop: { left: 5 % }", 65, "crop", "must come before")):
            with self.subTest(operations):
                returned, said = self.said(operations)
                self.assertEqual(returned, code, said)
                for part in parts:
                    self.assertIn(part, said)


if __name__ == "__main__":
    unittest.main()
