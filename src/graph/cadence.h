// SPDX-License-Identifier: GPL-3.0-or-later
// The frame rate that presentation times show, whatever a header says.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/rational.h"

namespace reelmill {

struct Cadence {
  Rational rate{0};  // the grid that all times lie on, to one tick; else the mean; 0 for less than two frames
  bool varies = false;
  double shortest = 0, longest = 0;  // seconds from one frame to the next
};

// `times` ascend strictly, in units of `time_base`, within ±2⁵². `claims` are tried first, then the rates that exist: what
// two frames on a clock of milliseconds cannot tell apart is decided by them.
Cadence cadence_of(std::span<std::int64_t const> times, Rational time_base, std::span<Rational const> claims);

}  // namespace reelmill
