# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo footage with its truth: shaky.mp4, the same scene held still in steady.mkv, and the shake's path in truth.json."""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Footage:
    folder: Path
    rate: Fraction
    width: int
    height: int
    path: np.ndarray     # one row a frame: x, y in pixels, angle in radians, as truth.json's convention says
    cuts: list           # frames at which a new shot begins

    @property
    def shaky(self):
        return self.folder / "shaky.mp4"

    @property
    def steady(self):
        return self.folder / "steady.mkv"

    @property
    def frames(self):
        return len(self.path)

    def shots(self):
        """[(first, past the last)]"""
        edges = [0, *sorted(c for c in self.cuts if 0 < c < self.frames), self.frames]
        return list(zip(edges[:-1], edges[1:]))


def load(folder):
    folder = Path(folder)
    truth = json.loads((folder / "truth.json").read_text())
    path = np.array([[f["x"], f["y"], f["angle"]] for f in truth["frames"]], np.float64)
    cuts = [int(c["frame"] if isinstance(c, dict) else c) for c in truth["cuts"]]
    return Footage(folder, Fraction(str(truth["fps"])), int(truth["width"]), int(truth["height"]), path, cuts)

