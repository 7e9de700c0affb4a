// SPDX-License-Identifier: GPL-3.0-or-later
// From what many windows say to lines of lag over time: one slope, because the same two clocks ran all along, and for each
// take an offset of its own. Pure numbers.
#pragma once

#include <vector>

#include "sync/lag_finder.h"

namespace reelmill {

struct WindowLags {
  double at = 0;  // seconds
  std::vector<Peak> peaks;
};

struct LagLine {  // lag(t) = offset + slope · t
  double offset = 0;
  std::size_t first = 0, last = 0;  // of the windows, those that lie on it
  std::size_t count = 0;            // of the windows from first to last that lie on it
};

struct LagLines {
  double slope = 0;
  std::vector<LagLine> lines;  // in the order of time
  std::vector<int> line_of;    // of each window; -1: it lies on none
  std::vector<double> lag_of;  // of each window that lies on one, its own lag
};

struct SlopeRange {
  double middle = 0, to_either_side = 0;
};

// Windows in the order of time.
LagLines fit_lines(std::vector<WindowLags> const& windows, SlopeRange const& slopes);

// How far a window may be from its line.
inline constexpr double line_width = 0.0015;  // seconds

// How much a peak of this strength counts: 0 for what noise gives, 1 for what is beyond doubt.
double weight_of(double strength);

}  // namespace reelmill
