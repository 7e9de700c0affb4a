# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects in scratch folders, and what ffprobe and ffmpeg say about files, for the run tests."""
import functools
import hashlib
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fixtures"))

REELMILL = os.environ["REELMILL"]


class Project:
    """A project folder of its own; removed at the end."""

    def __init__(self, sources, exports, operations="", program=REELMILL):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-test-"))
        self.program = program
        self.write(sources, exports, operations)

    def write(self, sources, exports, operations=""):
        lines = ["reelmill: 1", "name: test", "sources:", *("  - '%s'" % source for source in sources), operations.rstrip(), "exports:"]
        lines += ["  - %s: %s" % each for each in exports.items()]
        (self.folder / "reelmill.yaml").write_text("\n".join(line for line in lines if line) + "\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, *arguments):
        return subprocess.run([self.program, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True)

    def start(self, *arguments):
        return subprocess.Popen([self.program, *map(str, arguments)], cwd=self.folder, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def run(self, *arguments):
        done = self.call("run", *arguments)
        if done.returncode:
            raise AssertionError("reelmill run gave %d:\n%s%s" % (done.returncode, done.stdout[-2000:], done.stderr[-4000:]))
        return done

    def output(self, source, export, container="mp4"):
        return self.folder / "02_output/final" / ("%s_%s.%s" % (pathlib.Path(source).stem, export, container))

    def outputs(self):
        """What a person may find under final names: path → hash of the bytes."""
        found = {}
        for place in ("02_output", "03_delivered"):
            for path in sorted((self.folder / place).rglob("*")):
                if path.is_file():
                    found[str(path.relative_to(self.folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found


def probe(path, *arguments):
    done = subprocess.run(["ffprobe", "-v", "error", "-of", "json", *arguments, str(path)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def stream_of(path, kind="v"):
    streams = probe(path, "-show_streams", "-select_streams", kind + ":0")["streams"]
    return streams[0] if streams else None


def packets_of(path, kind="v"):
    return probe(path, "-show_packets", "-select_streams", kind + ":0")["packets"]


@functools.lru_cache(maxsize=None)
def shown_times(path):
    """When each picture begins, in seconds, and when the last one ends, as ffprobe's decoder says."""
    stream = stream_of(path)
    numerator, denominator = map(int, stream["time_base"].split("/"))
    ticks, spans = [], []
    for frame in probe(path, "-select_streams", "v:0", "-show_entries", "frame=best_effort_timestamp,pkt_duration")["frames"]:
        # In a file with decoding times only the last pictures come without a time.
        ticks.append(int(frame.get("best_effort_timestamp", ticks[-1] + spans[-1] if ticks else 0)))
        spans.append(int(frame.get("pkt_duration") or (spans[-1] if spans else 0)))
    order = numpy.argsort(ticks, kind="stable")
    ticks, spans = numpy.array(ticks)[order], numpy.array(spans)[order]
    begin = [int(t) * numerator / denominator for t in ticks]
    return begin, begin[-1] + int(spans[-1]) * numerator / denominator


def decode_errors(path):
    return subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-xerror", "-i", str(path), "-f", "null", "-"],
                          capture_output=True, text=True).stderr.strip()


def pictures(path, width, height):
    """Every picture, grey, in the order shown."""
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough", "-vf",
                          "scale=%d:%d" % (width, height), "-pix_fmt", "gray", "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(-1, height, width)


def top_boxes(path):
    """Names of an MP4 file's outermost boxes."""
    names, data, at = [], pathlib.Path(path).read_bytes(), 0
    while at + 8 <= len(data):
        size, name = int.from_bytes(data[at:at + 4], "big"), data[at + 4:at + 8].decode("latin1")
        if size == 1:
            size = int.from_bytes(data[at + 8:at + 16], "big")
        names.append(name)
        at += max(size, 8)
    return names


def moov_has(path, box):
    data = pathlib.Path(path).read_bytes()
    at = data.index(b"moov")
    return box.encode() in data[at:at + int.from_bytes(data[at - 4:at], "big")]


def workers_of(folder):
    """Process ids of the workers whose stage file lies in this folder."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z" and b"worker" in words[0] + (words[1] if len(words) > 1 else b"") and any(os.fsencode(folder) in word for word in words):
            found.append(int(entry.name))
    return found


def listening_server(test):
    """The port of an HTTP server that lives as long as the test, and the list of what it was asked for."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    test.addCleanup(server.server_close)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    test.addCleanup(server.shutdown)
    return server.server_port, asked


def small_disk(test, size):
    """A folder with a file system of its own, as `size` has it ("3m"); unmounted after the test, which is skipped without the right to."""
    place = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-small-"))
    test.addCleanup(shutil.rmtree, place, ignore_errors=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", str(place)], capture_output=True).returncode:
        test.skipTest("no right to mount a tmpfs")
    test.addCleanup(subprocess.run, ["umount", "-l", str(place)])
    return place


def only_whole_files(test, outputs, undisturbed):
    """Under final names; what a killed run left beside them is the next run's to sweep away."""
    for path, content in outputs.items():
        name = pathlib.Path(path).name
        if path != "03_delivered/manifest.json" and not (name.startswith(".reelmill-") and name.endswith(".tmp")):
            test.assertEqual(content, undisturbed.get(path), "%s is there and not what it ends as" % path)


def main():
    """unittest.main(), but says what was skipped and why, and ends with 77 where nothing else was there."""
    result = unittest.main(module="__main__", exit=False).result
    for test, reason in result.skipped:
        print("skipped: %s: %s" % (test.id(), reason))
    sys.exit(77 if result.skipped and len(result.skipped) == result.testsRun else not result.wasSuccessful())
