# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever dies, and whenever: no worker stays, nothing unfinished gets a final name, the next run ends with the same bytes."""
import hashlib
import os
import pathlib
import shutil
import signal
import stat
import tempfile
import time
import unittest

import _facts as facts
import make_media

EXPORTS = {
    "one": "{ resolution: 320x180, preset: slow, crf: 26 }",
    "two": "{ resolution: 180x320, preset: slow, crf: 26, fit: blur, edit_lists: none }",
}
OPERATIONS = "video: [stabilize]\naudio: [highpass, lowpass, denoise]"
MOMENTS = (0.15, 0.6, 1.5, 2.5, 3.5)


def state_of(path):
    status = path.stat()
    return status.st_mtime_ns, status.st_size, hashlib.sha256(path.read_bytes()).hexdigest()


class Scene(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clips = [make_media.clip("one_key.mp4"), make_media.clip("cfr30.mp4")]
        cls.before = [state_of(clip) for clip in cls.clips]
        with facts.Project(cls.clips, EXPORTS, OPERATIONS) as project:
            project.run()
            cls.undisturbed = project.outputs()
        cls.deliveries = 2 * len(cls.clips) * len(EXPORTS) + 1

    def setUp(self):
        self.assertEqual(len(self.undisturbed), self.deliveries)
        self.project = facts.Project(self.clips, EXPORTS, OPERATIONS)
        self.addCleanup(self.project.__exit__)

    def tearDown(self):
        self.assertEqual([state_of(clip) for clip in self.clips], self.before, "a source was changed")

    def wait_until(self, holds, seconds, message):
        end = time.monotonic() + seconds
        while not holds():
            self.assertLess(time.monotonic(), end, message)
            time.sleep(0.02)

    def only_whole_files(self):
        facts.only_whole_files(self, self.project.outputs(), self.undisturbed)


class Death(Scene):
    def test_front_killed_at_any_moment(self):
        killed = 0
        for moment in MOMENTS:
            process = self.project.start("run", "--batch", 1)
            time.sleep(moment)
            killed += process.poll() is None
            process.kill()
            process.wait()
            self.wait_until(lambda: not facts.workers_of(self.project.folder), 2, "workers outlive their front")
            self.only_whole_files()
        self.assertGreaterEqual(killed, 3, "the runs were too short to be killed")
        self.project.run()
        self.assertEqual(self.project.outputs(), self.undisturbed)

    def test_interrupted_run_goes_on(self):
        process = self.project.start("run", "--batch", 1)
        self.wait_until(lambda: facts.workers_of(self.project.folder), 10, "no worker was started")
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(15), 130)
        self.assertEqual(facts.workers_of(self.project.folder), [])
        self.only_whole_files()
        self.project.run()
        self.assertEqual(self.project.outputs(), self.undisturbed)

    def test_second_front_is_refused_and_harms_nothing(self):
        process = self.project.start("run")
        self.wait_until(lambda: facts.workers_of(self.project.folder), 10, "no worker was started")
        second = self.project.call("run")
        self.assertEqual(second.returncode, 75, second.stdout + second.stderr)
        self.assertEqual(process.wait(), 0)
        self.assertEqual(self.project.outputs(), self.undisturbed)


class Crash(Scene):
    """The worker beside the front is a script that kills itself before it, now and then, becomes the real one."""

    def setUp(self):
        super().setUp()
        self.bin = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-bin-"))
        self.addCleanup(shutil.rmtree, self.bin, True)
        shutil.copy(facts.REELMILL, self.bin / "reelmill")
        self.project.program = str(self.bin / "reelmill")

    def put_worker(self, text):
        real = pathlib.Path(os.environ.get("REELMILL_WORKER", pathlib.Path(facts.REELMILL).with_name("reelmill-worker")))
        script = self.bin / "reelmill-worker"
        # Before any stage the front asks for the versions, which is no attempt.
        answer = '#!/bin/sh\n[ "$1" = --versions ] && exec "{real}" --versions\n'
        script.write_text((answer + text).format(real=real, mark=self.bin / "crashed"))
        script.chmod(script.stat().st_mode | stat.S_IXUSR)

    def test_one_crash_is_forgiven(self):
        self.put_worker('if mkdir "{mark}" 2>/dev/null; then kill -SEGV $$; fi\nexec "{real}" "$@"\n')
        done = self.project.call("run")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Segmentation fault", done.stdout + done.stderr)
        self.assertEqual(self.project.outputs(), self.undisturbed)

    def test_a_worker_that_always_crashes_fails_the_run(self):
        self.put_worker("kill -SEGV $$\n")
        done = self.project.call("run")
        self.assertEqual(done.returncode, 70, done.stdout + done.stderr)
        self.assertIn("Segmentation fault", done.stderr)
        self.assertEqual(self.project.outputs(), {})
        self.put_worker('exec "{real}" "$@"\n')
        self.assertEqual(self.project.call("run").returncode, 0)
        self.assertEqual(self.project.outputs(), self.undisturbed)


if __name__ == "__main__":
    unittest.main()
