# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds how one picture lies in another that shows the same scene: shift, angle and zoom, to a few hundredths of a pixel.

A picture `p` and its reference `r` are related by  p(x) = gain · r(A x) + bias,  x measured from the picture's centre and
A x = R(angle) x / zoom + shift. Gain and bias absorb a grade, so graded pictures can be registered to ungraded ones.
"""

import math
from dataclasses import dataclass

import numpy as np

MARGIN = 0.12   # of each side: stabilisers invent the picture there
LEVELS = 3


@dataclass(frozen=True)
class Placement:
    x: float = 0.0      # shift, in pixels of the reference
    y: float = 0.0
    angle: float = 0.0  # radians
    zoom: float = 1.0

    def scaled(self, factor):
        return Placement(self.x * factor, self.y * factor, self.angle, self.zoom)

    def matrix(self):
        return math.cos(self.angle) / self.zoom, math.sin(self.angle) / self.zoom


@dataclass(frozen=True)
class Match:
    placement: Placement
    correlation: float


def _smooth(picture):
    padded = np.pad(picture, 2, mode="edge")
    kernel = (0.0625, 0.25, 0.375, 0.25, 0.0625)
    rows = sum(k * padded[i : i + picture.shape[0], :] for i, k in enumerate(kernel))
    return sum(k * rows[:, i : i + picture.shape[1]] for i, k in enumerate(kernel))


def _halve(picture):
    height, width = (picture.shape[0] // 2) * 2, (picture.shape[1] // 2) * 2
    p = picture[:height, :width]
    return (p[0::2, 0::2] + p[1::2, 0::2] + p[0::2, 1::2] + p[1::2, 1::2]) * np.float32(0.25)


def pyramid(picture):
    """The picture at LEVELS sizes, each half the one before, smoothed a little so that interpolation does not bias."""
    levels = [picture.astype(np.float32)]
    for _ in range(LEVELS - 1):
        levels.append(_halve(levels[-1]))
    return [_smooth(level).astype(np.float32) for level in levels]


class _Grid:
    """Coordinates of one picture size, from its centre, without the margin."""

    _made = {}

    def __init__(self, height, width):
        top, left = int(height * MARGIN), int(width * MARGIN)
        self.window = (slice(top, height - top), slice(left, width - left))
        self.centre = ((width - 1) / 2, (height - 1) / 2)
        x = np.arange(width, dtype=np.float32)[self.window[1]] - np.float32(self.centre[0])
        y = np.arange(height, dtype=np.float32)[self.window[0]] - np.float32(self.centre[1])
        self.x, self.y = np.meshgrid(x, y)
        self.taper = np.outer(np.hanning(len(y)), np.hanning(len(x))).astype(np.float32)

    @classmethod
    def of(cls, shape):
        if shape not in cls._made:
            cls._made[shape] = cls(*shape)
        return cls._made[shape]


def _sample(reference, grid, placement):
    a, b = placement.matrix()
    x = a * grid.x - b * grid.y + np.float32(placement.x + grid.centre[0])
    y = b * grid.x + a * grid.y + np.float32(placement.y + grid.centre[1])
    height, width = reference.shape
    inside = (x >= 0) & (y >= 0) & (x < width - 1) & (y < height - 1)
    column = np.clip(x.astype(np.int32), 0, width - 2)
    row = np.clip(y.astype(np.int32), 0, height - 2)
    fx, fy = x - column, y - row
    at = row * width + column
    flat = reference.ravel()
    upper = flat[at] * (1 - fx) + flat[at + 1] * fx
    lower = flat[at + width] * (1 - fx) + flat[at + width + 1] * fx
    return upper * (1 - fy) + lower * fy, inside


def _correlation(one, two, inside):
    p, q = one[inside], two[inside]
    p, q = p - p.mean(), q - q.mean()
    return float((p * q).sum() / math.sqrt(float((p * p).sum()) * float((q * q).sum()) + 1e-9))


def _improve(picture, reference, placement):
    """One Gauss-Newton step of all six unknowns; returns the new placement, the step in pixels and the correlation."""
    grid = _Grid.of(picture.shape)
    target = picture[grid.window]
    warped, inside = _sample(reference, grid, placement)
    gy, gx = np.gradient(warped)
    inside[[0, -1], :] = False
    inside[:, [0, -1]] = False
    if inside.sum() < 1000:
        return placement, 0.0, 0.0
    w, t = warped[inside], target[inside]
    gx, gy, x, y = gx[inside], gy[inside], grid.x[inside], grid.y[inside]
    columns = np.stack([w, np.ones_like(w), gx, gy, gx * x + gy * y, gy * x - gx * y])
    scale = np.sqrt((columns * columns).mean(axis=1)) + np.float32(1e-6)
    columns /= scale[:, None]
    gain = float(np.std(t) / (np.std(w) + 1e-6))
    error = np.abs(t - t.mean() - gain * (w - w.mean()))
    tolerance = 3 * np.float32(np.median(error)) + np.float32(0.5)
    weighted = columns / (1 + (error / tolerance) ** 2)
    solution = np.linalg.lstsq((weighted @ columns.T).astype(np.float64), (weighted @ t).astype(np.float64), rcond=1e-9)[0] / scale
    gain = solution[0] if solution[0] > 0.1 else 1.0
    dx, dy, grow, turn = (float(v) / gain for v in solution[2:])
    a, b = placement.matrix()
    c, s = (1 + grow) * a - turn * b, turn * a + (1 + grow) * b
    size = math.hypot(c, s)
    reach = math.hypot(*grid.centre)
    step = math.hypot(dx, dy) + reach * math.hypot(grow, turn)
    new = Placement(placement.x + a * dx - b * dy, placement.y + b * dx + a * dy, math.atan2(s, c), 1 / size)
    return new, step, _correlation(t, w, np.ones(t.shape, bool))


def _shift_between(target, warped, taper):
    """Whole-pixel shift d with target(x) ≈ warped(x + d), by phase correlation."""
    one = np.fft.rfft2((target - target.mean()) * taper)
    two = np.fft.rfft2((warped - warped.mean()) * taper)
    cross = two * np.conj(one)
    surface = np.fft.irfft2(cross / (np.abs(cross) + 1e-3 * np.abs(cross).max()), s=target.shape)
    row, column = np.unravel_index(int(np.argmax(surface)), surface.shape)
    height, width = target.shape
    return (column - width if column > width // 2 else column), (row - height if row > height // 2 else row)


def _coarse(picture, reference, placement):
    grid = _Grid.of(picture.shape)
    warped, _ = _sample(reference, grid, placement)
    dx, dy = _shift_between(picture[grid.window], warped, grid.taper)
    a, b = placement.matrix()
    moved = Placement(placement.x + a * dx - b * dy, placement.y + b * dx + a * dy, placement.angle, placement.zoom)
    best = (-1.0, placement)
    for candidate in (placement, moved):
        warped, inside = _sample(reference, grid, candidate)
        if inside.mean() > 0.3:
            best = max(best, (_correlation(picture[grid.window], warped, inside), candidate), key=lambda pair: pair[0])
    return best


def register(picture, reference, start=None):
    """How `picture` lies in `reference` (both from pyramid()). `start`: the placement of the frame before, if known."""
    factor = 2 ** (LEVELS - 1)
    if start is not None:
        best = _coarse(picture[-1], reference[-1], start.scaled(1 / factor))
    else:
        zooms = np.arange(0.95, 1.36, 0.02)
        best = max((_coarse(picture[-1], reference[-1], Placement(zoom=float(z))) for z in zooms), key=lambda pair: pair[0])
    placement, correlation = best[1], best[0]
    for level in reversed(range(LEVELS)):
        for _ in range(8):
            placement, step, correlation = _improve(picture[level], reference[level], placement)
            if step < (0.01 if level == 0 else 0.05):
                break
        if level:
            placement = placement.scaled(2)
    if start is not None and correlation < 0.85:
        return max(register(picture, reference), Match(placement, correlation), key=lambda match: match.correlation)
    return Match(placement, correlation)
