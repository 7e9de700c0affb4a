# SPDX-License-Identifier: GPL-3.0-or-later
"""A flash and a chirp that fall together in the source fall together in every export, to a millisecond."""
import re
import subprocess
import unittest

import numpy

import _facts as facts
import loudness_media
import make_media

EXPORTS = {
    "listed": "{ resolution: 160x90, preset: veryfast, crf: 30 }",
    "unlisted": "{ resolution: 160x90, preset: medium, crf: 30, edit_lists: none }",
    "unlisted_fast": "{ resolution: 160x90, preset: ultrafast, crf: 30, fps: 60, edit_lists: none }",
}
BED = "bed.wav"
RATE = 48000


def flashes(path):
    """The instants of the white pictures, on the clock that ffmpeg gives the streams it reads: so it reads both here and below."""
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "info", "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough", "-vf",
                           "scale=16:16,format=gray,showinfo", "-map", "0:a:0", "-f", "null", "-"], capture_output=True, text=True)
    if done.returncode:
        raise AssertionError("reading %s: %s" % (path, done.stderr[-500:]))
    shown = re.findall(r" pts_time:(\S+) .*mean:\[(\d+)", done.stderr)
    white = [float(time) for time, mean in shown if int(mean) > 180]
    # At a faster rate one source picture is shown more than once; its instant is the first.
    return [time for at, time in enumerate(white) if at == 0 or time - white[at - 1] > 0.5]


def chirps(path):
    """The instants of the chirps, found one by one in the decoded sound."""
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-af",
                          "aresample=async=1:first_pts=0", "-f", "f32le", "pipe:1", "-map", "0:v:0", "-c", "copy", "-f", "null",
                          "-"], capture_output=True, check=True).stdout
    heard = numpy.frombuffer(raw, "<f4")
    pattern = make_media.sound(0.1, [0.0])[:round(0.02 * RATE)]
    size = 1 << int(numpy.ceil(numpy.log2(len(heard) + len(pattern))))
    match = numpy.abs(numpy.fft.irfft(numpy.fft.rfft(heard, size) * numpy.conj(numpy.fft.rfft(pattern, size))))[:len(heard)]
    found = []
    floor = match.max() * 0.3
    while len(found) < len(make_media.FLASHES):
        at = int(numpy.argmax(match))
        if match[at] < floor:
            break
        before, peak, after = match[max(at - 1, 0)], match[at], match[min(at + 1, len(match) - 1)]
        bend = before - 2 * peak + after
        found.append((at + (0.5 * (before - after) / bend if bend else 0)) / RATE)
        match[max(0, at - RATE // 2):at + RATE // 2] = 0
    return sorted(found)


class Exports:
    @classmethod
    def setUpClass(cls):
        cls.clips = [make_media.clip(name) for name in make_media.flash_clips()]
        cls.project = facts.Project(cls.clips, EXPORTS, cls.OPERATIONS)
        cls.addClassCleanup(cls.project.__exit__)
        hum = loudness_media.tone(-40, 5, RATE, hertz=60.0)
        loudness_media.write(cls.project.folder / BED, loudness_media.both(hum), RATE)
        cls.project.run()

    def offsets(self, path):
        seen, heard = flashes(path), chirps(path)
        self.assertEqual((len(seen), len(heard)), (len(make_media.FLASHES),) * 2, path)
        return numpy.array(heard) - numpy.array(seen)

    def test_offset_is_that_of_the_source(self):
        for clip in self.clips:
            before = self.offsets(clip)
            for export in EXPORTS:
                with self.subTest(clip=clip.name, export=export):
                    change = 1000 * (self.offsets(self.project.output(clip, export)) - before)
                    print("%-16s %-14s %+.3f ms, worst %.3f" % (clip.name, export, change.mean(), numpy.abs(change).max()))
                    self.assertLessEqual(numpy.abs(change).max(), 1.0, change)


class Filtered(Exports, unittest.TestCase):
    OPERATIONS = "audio: [highpass, lowpass, denoise]"

    def test_the_measure_sees_a_shift(self):
        # Late by 50 ms in the clip itself: what is measured must say so.
        heard = chirps(self.clips[0])
        late = self.project.folder / "late.mov"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(self.clips[0]), "-af", "adelay=50:all=1", "-c:v", "copy", "-c:a",
                        "pcm_s16le", str(late)], check=True)
        self.assertLess(numpy.abs(numpy.array(chirps(late)) - heard - 0.05).max(), 0.0002)


class MixedAndLevelled(Exports, unittest.TestCase):
    """Both look ahead, at the whole sound and by a window."""
    OPERATIONS = "audio: [mix: { file: %s }, loudness]" % BED


if __name__ == "__main__":
    unittest.main()
