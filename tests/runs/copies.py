# SPDX-License-Identifier: GPL-3.0-or-later
"""A copied picture is the source's own: every decoded frame, its time, its keys and what is told beside it; the sound is where it was."""
import json
import subprocess
import unittest

import numpy

import _facts as facts
import av_offset
import copy_media
import footage_media
import make_media

# Clip → containers it is copied into; None: the project says none.
CLIPS = {
    "cfr30.mp4": (None, "mov", "mkv"),
    "open_gop.mp4": (None, "mov", "mkv"),
    "hevc_open_gop.mp4": (None, "mkv"),
    "vfr_b.mp4": (None, "mkv"),
    "vfr_a.mkv": (None, "mp4"),
    "edit_list.mp4": (None, "mov"),
    "mpeg2.ts": (None, "mp4"),
    "vp9.webm": (None, "mp4"),
    "all_intra_prores.mov": (None, "mkv"),
    "all_intra_ffv1.mkv": (None,),
    "one_frame.mp4": (None,),
}
OF_COPIES = {
    "milliseconds.mkv": (None, "mp4"),  # B-frames without decoding times
}
OF_FOOTAGE = {
    "wide_pixels_turned.mp4": (None, "mov"),
    "pq.mp4": (None, "mkv"),
    "av1.mkv": (None, "mp4"),
}
DEFAULT = {".mp4": "mp4", ".mov": "mov", ".mkv": "mkv", ".webm": "mkv", ".ts": "mkv"}
COPY = {"same": "{ codec: copy }", "mp4": "{ codec: copy, container: mp4 }", "mov": "{ codec: copy, container: mov }",
        "mkv": "{ codec: copy, container: mkv }"}


def pictures(path):
    """The hash of every decoded frame, as it is stored."""
    lines = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-noautorotate", "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough",
                            "-f", "framemd5", "-"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split(",")[-1].strip() for line in lines if not line.startswith("#")]


def told(path):
    """What the container and the headers say of the stream."""
    stream = facts.stream_of(path)
    kept = {name: stream.get(name) for name in ("codec_name", "profile", "level", "pix_fmt", "width", "height", "sample_aspect_ratio",
                                                "color_range", "color_space", "color_transfer", "color_primaries", "has_b_frames")}
    # MP4 tells a range only beside other colours; limited is what is meant where none is told.
    kept["color_range"] = kept["color_range"] or "tv"
    kept["beside"] = sorted(json.dumps(each, sort_keys=True) for each in stream.get("side_data_list", []))
    return kept


def cadence(path):
    begin, end = facts.shown_times(path)
    return numpy.array([*begin, end]) - begin[0]


class Copied(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.films = []
        for clips, clip_of in ((CLIPS, make_media.clip), (OF_FOOTAGE, footage_media.clip), (OF_COPIES, copy_media.clip)):
            for name, containers in clips.items():
                project = facts.Project([clip_of(name)], {container or "same": COPY[container or "same"] for container in containers})
                cls.addClassCleanup(project.__exit__)
                project.run()
                for container in containers:
                    path = project.output(name, container or "same", container or DEFAULT[clip_of(name).suffix])
                    cls.films.append((clip_of(name), path))

    def test_every_decoded_frame_is_the_sources(self):
        for clip, film in self.films:
            with self.subTest(film.name):
                wanted = pictures(clip)
                self.assertGreater(len(wanted), 0)
                self.assertEqual(pictures(film), wanted)

    def test_every_picture_keeps_its_time(self):
        for clip, film in self.films:
            with self.subTest(film.name):
                allowed = 0.00101 if film.suffix == ".mkv" else 1e-6
                self.assertLessEqual(numpy.abs(cadence(film)[:-1] - cadence(clip)[:-1]).max(), allowed)

    def test_keys_stay_keys(self):
        for clip, film in self.films:
            with self.subTest(film.name):
                before, after = [[packet["flags"][0] for packet in facts.packets_of(path)] for path in (clip, film)]
                self.assertEqual(after, before)

    def test_what_is_told_of_the_picture_is_told(self):
        for clip, film in self.films:
            with self.subTest(film.name):
                self.assertEqual(told(film), told(clip))

    def test_the_sound_is_encoded(self):
        for clip, film in self.films:
            if facts.stream_of(clip, "a") is None:
                continue
            with self.subTest(film.name):
                self.assertEqual(facts.stream_of(film, "a")["codec_name"], "aac")


class Offset(unittest.TestCase):
    """The click is heard when the flash is seen, in every container, as in the source."""
    EXPORTS = {"listed": "{ codec: copy, container: mp4 }", "unlisted": "{ codec: copy, container: mp4, edit_lists: none }",
               "matroska": "{ codec: copy, container: mkv }", "exact": "{ codec: copy, container: mkv, audio_codec: flac }"}

    @classmethod
    def setUpClass(cls):
        cls.clips = [make_media.clip(name) for name in make_media.flash_clips()] + [copy_media.clip("met_flash.mp4")]
        cls.project = facts.Project(cls.clips, cls.EXPORTS)
        cls.addClassCleanup(cls.project.__exit__)
        cls.project.run()

    def test_offset_is_that_of_the_source(self):
        # The last clip has B-frames.
        self.assertGreater(int(facts.stream_of(self.clips[-1])["has_b_frames"]), 0)
        for clip in self.clips:
            before = numpy.array(av_offset.chirps(clip)) - numpy.array(av_offset.flashes(clip))
            for export in self.EXPORTS:
                with self.subTest(clip=clip.name, export=export):
                    film = self.project.output(clip, export, "mp4" if "listed" in export else "mkv")
                    after = numpy.array(av_offset.chirps(film)) - numpy.array(av_offset.flashes(film))
                    self.assertEqual(len(after), len(make_media.FLASHES))
                    print("%-18s %-9s worst %.3f ms" % (clip.name, export, 1000 * numpy.abs(after - before).max()))
                    self.assertLessEqual(1000 * numpy.abs(after - before).max(), 1.0)


class Again(unittest.TestCase):
    def test_jobs_do_not_change_a_byte_and_a_second_run_makes_nothing(self):
        clips = [make_media.clip(name) for name in ("open_gop.mp4", "vfr_b.mp4")]
        exports = {"same": COPY["same"], "small": "{ resolution: 160x90, preset: ultrafast }"}
        found = []
        for jobs in (1, 2):
            with facts.Project(clips, exports) as project:
                project.run("--jobs", jobs)
                found.append(project.outputs())
                states = {stage["state"] for stage in json.loads(project.call("plan", "--json").stdout)["stages"]}
                self.assertEqual(states, {"cached"})
                project.run("--jobs", jobs)
                self.assertEqual(project.outputs(), found[-1])
        self.assertEqual(found[0], found[1])

    def test_nothing_is_decoded_where_every_export_copies(self):
        with facts.Project([make_media.clip("cfr30.mp4")], {"same": COPY["same"]}) as project:
            project.run()
            stages = {stage["id"].split("/")[1]: stage for stage in json.loads(project.call("plan", "--json").stdout)["stages"]}
            self.assertEqual(list(stages), ["index", "copy", "sound", "join same"])


class Refused(unittest.TestCase):
    def complaint(self, clip, export, operations="", arguments=("run",)):
        with facts.Project([clip], {"same": export}, operations) as project:
            done = project.call(*arguments)
            self.assertNotEqual(done.returncode, 0, done.stdout)
            return done.stderr + done.stdout

    def test_what_a_copy_cannot_do_is_said(self):
        clip = make_media.clip
        cases = (
            (clip("all_intra_ffv1.mkv"), "{ codec: copy, container: mp4 }", "a file of mp4 cannot hold ffv1, which mkv can"),
            (clip("edit_list.mp4"), "{ codec: copy, container: mkv }", "lie before the first that is shown"),
            (clip("edit_list.mp4"), "{ codec: copy, edit_lists: none }", "lie before the first that is shown"),
            (footage_media.clip("wide_pixels_turned.mp4"), "{ codec: copy, container: mkv }", "is to be turned"),
            (clip("mpeg4.avi"), "{ codec: copy }", "encode it"),
            (footage_media.clip("header_changes.flv"), "{ codec: copy }", "its coding changes on the way"),
        )
        for source, export, what in cases:
            with self.subTest(source=source.name, export=export):
                self.assertIn(what, self.complaint(source, export))

    def test_what_would_change_the_picture_is_refused_with_its_place(self):
        clip = make_media.clip("cfr30.mp4")
        self.assertIn("grade changes the picture", self.complaint(clip, "{ codec: copy }", "video: [grade: { contrast: 1.2 }]"))
        for key in ("resolution: 320x180", "fps: 25", "crf: 20", "bitrate: 2M", "profile: main", "speed: fast", "fit: pad"):
            with self.subTest(key):
                said = self.complaint(clip, "{ codec: copy, %s }" % key, arguments=("plan",))
                self.assertRegex(said, r"reelmill\.yaml:\d+:\d+: .*remove '%s'" % key.split(":")[0])
        self.assertIn("cannot be cut", self.complaint(clip, "{ codec: copy }", arguments=("run", "--from", "1")))


class Met(unittest.TestCase):
    """A source that already is what an export asks for."""
    EXPORTS = {"met": copy_media.EXPORT, "small": "{ resolution: 80x48, preset: ultrafast }"}

    def plan(self, project, *arguments):
        plan = json.loads(project.call("plan", "--json", *arguments).stdout)
        return {stage["id"].split("/")[1]: stage for stage in plan["stages"]}, [note["what"] for note in plan["notes"]]

    def test_it_is_copied_and_the_plan_says_so(self):
        clip = copy_media.clip("met.mp4")
        with facts.Project([clip], self.EXPORTS) as project:
            project.run("--only", "small")
            stages, notes = self.plan(project)
            self.assertEqual((stages["copy"]["state"], notes), ("copy", []))
            self.assertIn("the source meets met as it is, h264 High 160x96 at 30 fps", stages["copy"]["reason"])
            self.assertIn("copy: ", project.call("plan", "--dot").stdout)
            self.assertEqual(self.plan(project, "--without", "copy")[0]["render"]["state"], "run")
            project.run()
            film = project.output(clip, "met")
            self.assertEqual(pictures(film), pictures(clip))
            self.assertEqual(facts.stream_of(film)["avg_frame_rate"], "30/1")
            self.assertEqual({stage["state"] for stage in self.plan(project)[0].values()}, {"cached"})
            project.run("--without", "copy")
            self.assertNotEqual(pictures(film), pictures(clip))

    def test_alone_it_is_analysed_but_not_rendered(self):
        with facts.Project([copy_media.clip("met.mp4")], {"met": copy_media.EXPORT}) as project:
            project.run()
            self.assertEqual(list(self.plan(project)[0]), ["index", "analysis", "copy", "sound", "join met"])

    def test_what_falls_short_is_encoded_and_the_plan_says_why(self):
        tight = copy_media.EXPORT.replace("2M", "100k")
        cases = (("open_groups.mp4", copy_media.EXPORT, "its groups of pictures are not closed"),
                 ("untold_colours.mp4", copy_media.EXPORT, "its colours are not told"),
                 ("milliseconds.mkv", copy_media.EXPORT, "its times are not those of 30 fps to the tick"),
                 ("met.mp4", tight, "Mb/s, more than 0.10 Mb/s"))
        for name, export, what in cases:
            with self.subTest(name), facts.Project([copy_media.clip(name)], {"met": export}) as project:
                project.run()
                stages, notes = self.plan(project)
                self.assertEqual(len(notes), 1)
                self.assertRegex(notes[0], "^nearly what is asked for, but encoded again for met: .*" + what)
                self.assertIn("render", stages)
        with facts.Project([copy_media.clip("uneven.mp4")], {"met": copy_media.EXPORT}) as project:
            project.run()
            self.assertIn("render", self.plan(project)[0])

    def test_a_step_that_changes_the_picture_encodes(self):
        with facts.Project([copy_media.clip("met.mp4")], {"met": copy_media.EXPORT}, "video: [grade: { contrast: 1.2 }]") as project:
            project.run()
            stages, notes = self.plan(project)
            self.assertIn("render", stages)
            self.assertEqual(notes, [])


if __name__ == "__main__":
    unittest.main()
