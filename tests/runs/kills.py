# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed at any call, at any moment, with or without the loss of what was not synced: the same command goes on and ends with the
same bytes, and nothing that was finished is made again."""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time
import unittest

import _broken as broken
import _facts as facts

MOST = 60 if broken.LONG else 3  # places of each kind
RANDOM_KILLS = 200 if broken.LONG else 15


def power_off(lines, keep=()):
    """Does to the disk what the loss of power may do at worst: folders and names that were not synced are gone, files that were not have
    lost half their bytes. `lines` is the shim's log up to the kill."""
    dirty, new_names, new_folders = set(), {}, set()
    for line in lines:
        what, _, rest = line.partition(" ")
        if what == "W":
            dirty.add(rest)
        elif what == "M":
            new_folders.add(rest)
        elif what == "S":
            dirty.discard(rest)
            new_names = {to: at for to, at in new_names.items() if str(pathlib.Path(to).parent) != rest}
            new_folders = {folder for folder in new_folders if str(pathlib.Path(folder).parent) != rest}
        elif what == "R":
            source, _, to = rest.partition("\t")
            moved = lambda path: to + path[len(source):] if path == source or path.startswith(source + "/") else path
            dirty = {moved(path) for path in dirty}
            new_folders = {moved(path) for path in new_folders}
            new_names[to] = source
    lost = 0
    for path in sorted(dirty | set(new_names) | new_folders, key=len, reverse=True):
        path = pathlib.Path(path)
        if any(str(path).startswith(str(place)) for place in keep) or not path.exists():
            continue
        lost += 1
        if path.is_dir():
            shutil.rmtree(path)
        elif str(path) in new_names:
            path.unlink()
        else:
            data = path.read_bytes()
            path.write_bytes(data[:len(data) // 2])
    return lost


class Kills(broken.Undisturbed):
    def killed(self, program, calls, at, deed):
        project = self.fresh()
        run = project.broken_run(program, calls, at, deed)
        if program == "reelmill" and run.calls >= at:  # groups of rows in the journal go by the clock
            self.assertEqual(run.code, -signal.SIGKILL, run.errors)
            return self.ends_like_the_others(project)
        self.assertEqual(run.code, 0, run.errors)  # one crash is forgiven
        self.assertEqual(project.outputs(), self.outputs)
        project.__exit__()
        return 0

    def all_places(self, program, calls, deed):
        count = broken.calls_of(program, calls)
        self.assertGreater(count, 5)
        places = broken.spread(count, MOST)
        redone = [self.killed(program, calls, at, deed) for at in places]
        print("%s killed at %d of %d %ss: %d units in flight began anew, at most %d at once" %
              (program, len(places), count, calls, sum(redone), max(redone)))
        self.assertLessEqual(max(redone), 2 * jobs())

    def test_front_after_every_rename(self):
        self.all_places("reelmill", "rename", "killed")

    def test_front_before_every_sync(self):
        self.all_places("reelmill", "fsync", "kill")

    def test_worker_before_every_rename(self):
        self.all_places("reelmill-worker", "rename", "kill")


class Power(broken.Undisturbed):
    def test_what_was_not_synced_is_lost(self):
        count = broken.calls_of("reelmill", "rename")
        lost = 0
        for at in broken.spread(count, MOST):
            project = self.fresh()
            run = project.broken_run("reelmill", "rename", at, "killed", log=True)
            self.assertEqual(run.code, -signal.SIGKILL, run.errors)
            before = {key for key in project.units()}
            lost += power_off(run.lines[:run.lines.index("K ")], keep=(project.folder / "metadata", project.folder / ".reelmill/lock"))
            synced = set(project.units())
            self.assertLessEqual(len(before - synced), 1, "more than the unit that was just renamed was not synced")
            made = project.resume().made()
            self.assertEqual(made & synced, set(), "units that were synced are made again")
            self.assertEqual(project.outputs(), self.outputs)
            project.__exit__()
        self.assertGreater(lost, 0)
        print("power lost at %d of %d renames: %d files, names and folders were not synced" % (len(broken.spread(count, MOST)), count, lost))


class Moments(broken.Undisturbed):
    def test_random_kills(self):
        chance = random.Random(5)
        project = self.fresh()
        begin = time.monotonic()
        project.resume()
        whole = time.monotonic() - begin
        kills = redone = projects = 0
        while kills < RANDOM_KILLS:
            project = self.fresh()
            projects += 1
            for _ in range(4):
                process = project.start("run", "--batch", 1)
                time.sleep(chance.uniform(0.02, whole))
                workers = facts.workers_of(project.folder)
                if workers and chance.random() < 0.25:
                    subprocess.run(["kill", "-KILL", str(chance.choice(workers))], stderr=subprocess.DEVNULL)
                    time.sleep(0.02)
                kills += process.poll() is None
                process.kill()
                process.wait()
                project.wait_for_workers()
                facts.only_whole_files(self, project.outputs(), self.outputs)
            redone += self.ends_like_the_others(project)
            project.__exit__()
        print("%d kills at random moments of %d projects, a run takes %.1f s: %d units were in flight at the last" % (kills, projects, whole, redone))


class Coordinators(broken.Undisturbed):
    def test_a_killed_one_is_followed_at_once_under_a_higher_number(self):
        project = self.fresh()
        run = project.broken_run("reelmill", "rename", 12, "killed")
        self.assertEqual(run.code, -signal.SIGKILL)
        first = project.lease()
        self.assertTrue(first["held"])
        done = project.resume()
        self.assertIn("broken off", done.events)
        self.assertIn('"fence":%d' % (first["fence"] + 1), done.events)
        self.assertFalse(project.lease()["held"])
        history = json.loads(project.call("history", "--json").stdout)["runs"]
        self.assertEqual([run["outcome"] for run in history], ["done", "killed"])
        self.assertEqual([run["fence"] for run in history], [first["fence"] + 1, first["fence"]])

    def test_one_on_another_host_is_respected_until_it_is_silent(self):
        project = self.fresh()
        project.resume()
        shutil.rmtree(project.cache)
        lock = project.folder / ".reelmill/lock"
        theirs = dict(project.lease(), host="render7", machine="m7", boot="b7", pid=4711, held=True, fence=41)
        lock.write_text(json.dumps(theirs))
        refused = project.call("run")
        self.assertEqual(refused.returncode, 75, refused.stderr)
        for word in ("render7", "4711", "last heard of", "try again in"):
            self.assertIn(word, refused.stderr)
        self.assertEqual(json.loads(lock.read_text()), theirs)
        self.assertEqual(project.units(), {})
        os.utime(lock, (time.time() - 61,) * 2)
        done = project.resume()
        self.assertIn("render7", done.events)
        self.assertEqual(project.lease()["fence"], 42)
        self.assertEqual(project.outputs(), self.outputs)


def jobs():
    return len(os.sched_getaffinity(0))


if __name__ == "__main__":
    unittest.main()
