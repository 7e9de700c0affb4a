# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one command and measures its whole process tree: wall time, CPU time and memory."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.2
PSS_EVERY = 5  # walking page tables costs CPU, so less often
PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1 << 20


@dataclass(frozen=True)
class Cost:
    wall: float
    user: float
    system: float
    peak_mib: float      # largest sum of resident memory over the tree
    peak_pss_mib: float  # the same with shared pages counted once, sampled once a second
    largest_mib: float   # largest single process
    steal_percent: float
    others: float        # cores that anything else on the machine kept busy meanwhile

    @property
    def cpu(self):
        return self.user + self.system


def _processes():
    """{pid: (parent, session)}"""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found[int(name)] = int(fields[1]), int(fields[3])
    return found


def _tree(root):
    processes = _processes()
    children = {}
    for pid, (parent, _) in processes.items():
        children.setdefault(parent, []).append(pid)
    members, waiting = set(), [root] + [pid for pid, (_, session) in processes.items() if session == root]
    while waiting:
        pid = waiting.pop()
        if pid in processes and pid not in members:
            members.add(pid)
            waiting += children.get(pid, [])
    return members


def _read(pid, file):
    try:
        return Path("/proc", str(pid), file).read_text()
    except OSError:
        return ""


def _resident(pid):
    fields = _read(pid, "statm").split()
    return int(fields[1]) * PAGE if fields else 0


def _kilobytes(text, key):
    for line in text.splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    return 0


class _Watch(threading.Thread):
    def __init__(self, root):
        super().__init__(daemon=True)
        self.root, self.stop = root, threading.Event()
        self.peak = self.peak_pss = self.largest = 0

    def run(self):
        turn = 0
        while not self.stop.wait(SAMPLE_SECONDS):
            members = _tree(self.root)
            self.peak = max(self.peak, sum(_resident(pid) for pid in members))
            for pid in members:
                self.largest = max(self.largest, _kilobytes(_read(pid, "status"), "VmHWM:"))
            if turn % PSS_EVERY == 0:
                self.peak_pss = max(self.peak_pss, sum(_kilobytes(_read(pid, "smaps_rollup"), "Pss:") for pid in members))
            turn += 1


def _machine():
    """Seconds since the start that the cores were busy, were stolen, and all in all; this process's own CPU time."""
    user, nice, system, idle, wait, irq, soft, steal = (
        int(v) / os.sysconf("SC_CLK_TCK") for v in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9])
    busy = user + nice + system + irq + soft
    return busy, steal, busy + idle + wait + steal, time.process_time()


def measure(command, environment):
    """(exit code, Cost). The command leads a session of its own."""
    before = _machine()
    began = time.monotonic()
    child = subprocess.Popen(command, env=environment, start_new_session=True, stdin=subprocess.DEVNULL)
    watch = _Watch(child.pid)
    watch.start()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    busy, stolen, everything, own = (b - a for a, b in zip(before, _machine()))
    watch.stop.set()
    watch.join()
    others = max(0.0, busy - own - usage.ru_utime - usage.ru_stime) / wall
    largest = max(watch.largest, usage.ru_maxrss * 1024)
    cost = Cost(wall, usage.ru_utime, usage.ru_stime, watch.peak / MIB, watch.peak_pss / MIB, largest / MIB, 100 * stolen / everything, others)
    return child.returncode, cost
