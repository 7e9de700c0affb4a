# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of a small project that are killed, or whose calls to the system fail, at a place told exactly (tests/faults/shim.cc)."""
import functools
import json
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import unittest

import _facts as facts
import store_media

EXPORTS = {"small": "{ resolution: 128x72, fps: 10, preset: ultrafast, crf: 30 }"}
LONG = bool(os.environ.get("REELMILL_LONG"))


class Broken:
    """How a run ended that was broken on purpose."""

    def __init__(self, done, calls, lines):
        self.code, self.events, self.errors = done.returncode, done.stdout, done.stderr
        self.calls = calls  # how many calls of the kind there were
        self.lines = lines  # the shim's log

    def made(self):
        """Keys of the units that workers of this run made."""
        return {event["key"] for event in map(json.loads, self.events.splitlines()) if event["event"] == "unit_done"}


class Project(facts.Project):
    """One small film to one export, chunk by chunk."""

    def __init__(self, source=None):
        super().__init__([source or store_media.film()], EXPORTS)
        self.environment = {"REELMILL_STATE": str(self.folder / "state")}

    def call(self, *arguments):
        return subprocess.run([self.program, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
                              env=dict(os.environ, **self.environment))

    def broken_run(self, program="reelmill", calls="", at=0, deed="", log=False):
        place = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-faults-"))
        try:
            (place / "count").write_bytes(bytes(8))
            (place / "log").touch()
            environment = dict(os.environ, LD_PRELOAD=os.environ["FAULT_SHIM"], FAULT_PROGRAM=program, FAULT_CALLS=calls, FAULT_AT=str(at),
                               FAULT_DO=deed, FAULT_COUNT=str(place / "count"), FAULT_LOG=str(place / "log") if log else "",
                               ASAN_OPTIONS="verify_asan_link_order=0", **self.environment)
            with open(place / "out", "w+") as out, open(place / "err", "w+") as err:
                done = subprocess.run([facts.REELMILL, "run", "--json", "--batch", "1"], cwd=self.folder, env=environment, stdout=out,
                                      stderr=err, text=True)
                self.wait_for_workers()
                out.seek(0)
                err.seek(0)
                done.stdout, done.stderr = out.read(), err.read()
            lines = (place / "log").read_text(errors="surrogateescape").splitlines()
            return Broken(done, struct.unpack("<q", (place / "count").read_bytes())[0], lines)
        finally:
            shutil.rmtree(place)

    def wait_for_workers(self):
        while facts.workers_of(self.folder):
            pass

    def resume(self):
        """The same command, undisturbed."""
        done = self.broken_run()
        if done.code:
            raise AssertionError("the next run gave %d:\n%s%s" % (done.code, done.events[-1500:], done.errors[-1500:]))
        return done

    @property
    def cache(self):
        return pathlib.Path(self.environment.get("REELMILL_CACHE", self.folder / ".reelmill/cache"))

    def units(self):
        """Key → folder of what is in the cache."""
        return {path.parent.name: path.parent for path in self.cache.glob("??/*/result.json")}

    def lease(self):
        return json.loads((self.folder / ".reelmill/lock").read_text())

    def left_whole(self):
        """Keys of units that workers finished and nobody took."""
        attempts = self.folder / ".reelmill/attempts"
        return {path.parent.name for path in attempts.glob("*/*/result.json") if path.parent.suffix != ".part"}

    def left_unfinished(self):
        return {path.stem for path in (self.folder / ".reelmill/attempts").glob("*/*.part")}


def spread(count, most):
    """Of the calls 1 to `count`, at most so many, the first and the last among them."""
    if count <= most:
        return list(range(1, count + 1))
    return sorted({1 + i * (count - 1) // (most - 1) for i in range(most)})


@functools.lru_cache(maxsize=None)
def undisturbed():
    """What a run delivers, and the keys of its units."""
    with Project() as project:
        project.resume()
        return project.outputs(), frozenset(project.units())


@functools.lru_cache(maxsize=None)
def calls_of(program, calls):
    """How many calls of a kind a run makes."""
    with Project() as project:
        return project.broken_run(program, calls).calls


class Undisturbed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.outputs, cls.keys = undisturbed()
        if len(cls.keys) < 4 + 5:
            raise AssertionError("the film has %d chunks only" % (len(cls.keys) - 4))

    def fresh(self):
        project = Project()
        self.addCleanup(project.__exit__)
        return project

    def ends_like_the_others(self, project):
        """Resumes; gives how many units were begun and have to be made from the beginning."""
        facts.only_whole_files(self, project.outputs(), self.outputs)
        finished, begun = set(project.units()) | project.left_whole(), project.left_unfinished()
        made = project.resume().made()
        self.assertEqual(made & finished, set(), "units that were finished are made again")
        self.assertEqual(made | finished, self.keys)
        self.assertEqual(project.outputs(), self.outputs)
        return len(begun - finished)
