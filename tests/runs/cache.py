# SPDX-License-Identifier: GPL-3.0-or-later
"""Damage in the cache is found when it is read, set aside and made again; what is too much is evicted, but nothing that a run needs."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import _broken as broken
import _facts as facts


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def truncate(path):
    os.truncate(path, path.stat().st_size * 2 // 3)


def remove(path):
    path.unlink()


class Damage(broken.Undisturbed):
    def kinds(self, project):
        """One unit of each kind: name → folder."""
        found = {}
        for folder in project.units().values():
            result = json.loads((folder / "result.json").read_text())
            kind = next(name for sign, name in (("capped", "chunk"), ("sha256", "film"), ("priming", "sound"), ("analysis", "analysis"),
                                                ("index", "index")) if sign in result)
            found.setdefault(kind, folder)
        return found

    def made_again_after(self, project, kind, damage, name):
        """Breaks one file so that the next run needs it; the keys of what is made again."""
        folder = self.kinds(project)[kind]
        shutil.rmtree(project.folder / ".reelmill/memory")  # else nothing but the film is looked at
        for path in (project.folder / "02_output").rglob("*.mp4"):
            path.unlink()
        if kind in ("chunk", "sound"):
            shutil.rmtree(self.kinds(project)["film"])
        damage(folder / name if name else next(path for path in folder.iterdir() if path.name != "result.json"))
        done = project.resume()
        self.assertEqual(project.outputs(), self.outputs)
        self.assertEqual(set(project.units()), self.keys)
        return folder.name, done

    def test_every_kind_of_damage_to_every_kind_of_unit(self):
        project = self.fresh()
        project.resume()
        cases = [(kind, damage, "result.json") for kind in ("index", "analysis", "sound", "chunk", "film") for damage in (flip, truncate)]
        cases += [(kind, damage, None) for kind in ("sound", "chunk", "film") for damage in (flip, truncate, remove)]
        for kind, damage, name in cases:
            with self.subTest(kind=kind, damage=damage.__name__, file=name):
                key, done = self.made_again_after(project, kind, damage, name)
                self.assertIn(key, done.made())
                self.assertLessEqual(len(done.made()), 2, "more is made again than the damage asks for")
                self.assertIn("quarantine", done.events)
                self.assertTrue(any(path.name.startswith(key) for path in (project.cache / "quarantine").iterdir()))

    def test_verify_finds_it_without_a_run(self):
        project = self.fresh()
        project.resume()
        whole = project.call("cache", "verify", "--json")
        self.assertEqual(whole.returncode, 0, whole.stderr)
        self.assertEqual(json.loads(whole.stdout)["units"], len(self.keys))
        flip(self.kinds(project)["chunk"] / "video.pkts")
        found = project.call("cache", "verify", "--json")
        self.assertEqual(found.returncode, 1)
        self.assertEqual(len(json.loads(found.stdout)["damaged"]), 1)
        self.assertEqual(project.call("cache", "verify").returncode, 0)
        self.assertEqual(len(project.units()), len(self.keys) - 1)


class Quota(broken.Undisturbed):
    def test_du_counts_what_is_there(self):
        project = self.fresh()
        project.resume()
        usage = json.loads(project.call("cache", "du", "--json").stdout)
        self.assertEqual(usage["units"], len(self.keys))
        self.assertEqual(usage["bytes"], sum(path.stat().st_size for folder in project.units().values() for path in folder.iterdir()))
        self.assertEqual({kind: heap["units"] for kind, heap in usage["kinds"].items()},
                         {"index": 1, "analysis": 1, "sound": 1, "film": 1, "chunk": len(self.keys) - 4})
        self.assertEqual(usage["processes"], 0)

    def test_gc_keeps_what_was_used_last(self):
        project = self.fresh()
        project.resume()
        units = sorted(project.units().values())
        for age, folder in enumerate(units):
            stamp = (folder / "result.json").stat().st_mtime - 7200 - 60 * age
            os.utime(folder / "result.json", (stamp, stamp))
        sizes = [sum(path.stat().st_size for path in folder.iterdir()) for folder in units]
        keep = sum(sizes[:4])
        done = json.loads(project.call("cache", "gc", "--keep", keep, "--json").stdout)
        self.assertEqual(sorted(project.units().values()), units[:4])
        self.assertEqual(done["evicted"]["units"], len(units) - 4)
        self.assertEqual(done["after"]["bytes"], keep)
        project.resume()
        self.assertEqual(project.outputs(), self.outputs)

    def test_without_a_size_gc_does_nothing(self):
        project = self.fresh()
        project.resume()
        self.assertEqual(project.call("cache", "gc").returncode, 64)
        self.assertEqual(project.call("cache", "gc", "--keep", "much").returncode, 64)
        self.assertEqual(set(project.units()), self.keys)

    def test_a_run_keeps_the_quota_and_never_evicts_its_own(self):
        project = self.fresh()
        project.environment["REELMILL_CACHE_QUOTA"] = "1"
        stranger = project.folder / ".reelmill/cache/zz/zz11"
        stranger.mkdir(parents=True)
        (stranger / "result.json").write_text("{}")
        project.resume()
        self.assertFalse(stranger.exists())
        self.assertEqual(set(project.units()), self.keys)

    def test_eviction_beside_running_projects_harms_none(self):
        place = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-shared-"))
        self.addCleanup(shutil.rmtree, place, ignore_errors=True)
        projects = [self.fresh() for _ in range(2)]
        for project in projects:
            project.environment["REELMILL_CACHE"] = str(place)
        running = [subprocess.Popen([facts.REELMILL, "run", "--batch", "1"], cwd=project.folder, env=dict(os.environ, **project.environment),
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for project in projects]
        rounds = 0
        while any(process.poll() is None for process in running):
            done = subprocess.run([facts.REELMILL, "cache", "gc", "--keep", "0"], cwd=projects[0].folder, capture_output=True, text=True,
                                  env=dict(os.environ, REELMILL_CACHE=str(place)))
            self.assertEqual(done.returncode, 0, done.stderr)
            rounds += 1
        for process, project in zip(running, projects):
            self.assertEqual(process.returncode, 0, process.stderr.read())
            self.assertEqual(project.outputs(), self.outputs)
            process.stderr.close()
        self.assertGreater(rounds, 3)


if __name__ == "__main__":
    unittest.main()
