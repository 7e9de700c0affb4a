// SPDX-License-Identifier: GPL-3.0-or-later
// Where a source is cut into chunks. Borders are content-defined: whether an access point is one depends on its packet's
// hash and on what lies just before it, so that a lossless insert moves no border further on. Minimum 2 s, target 4 s,
// maximum 8 s; longer groups of pictures are cut inside at equal steps.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/media.h"
#include "graph/stage.h"

namespace reelmill {

// A chunk begins at the first frame shown at or after `pts`; its decode begins at `seek`.
struct Border {
  std::int64_t pts = 0;
  SeekPoint seek;
  Access access = Access::closed;  // of the packet at `seek`
  bool inside_gop = false;         // the decode begins at an earlier border's packet
};

// When the picture begins and ends, in its stream's time base.
struct Shown {
  std::int64_t first = 0, end = 0;
};
Shown shown(SourceIndex const& index);

// From the index. The first border is the beginning. A border whose access is `open` must be proved before it is used.
std::vector<Border> find_borders(SourceIndex const& index);
// The points of find_borders that need a proof, in order.
std::vector<SeekPoint> unproved(std::vector<Border> const& borders);
// Without those that were not proved: each merges two chunks, and a long chunk so made is cut inside.
std::vector<Border> proved_borders(SourceIndex const& index, std::vector<std::int32_t> const& proved);

// Frames [first, first + count) of the analysis, to be decoded from `seek`; and how many more before and after are needed.
struct Interval {
  std::int64_t first = 0, count = 0;
  SeekPoint seek;
  int lead_in = 0, lead_out = 0;
};
// The chunks; none is empty, and together they are all frames.
std::vector<Interval> cut(SourceAnalysis const& analysis, std::vector<Border> const& borders);
// The same with margins of so many frames, less at the film's ends; decoding begins at the last sure access point before.
std::vector<Interval> with_margins(std::vector<Interval> intervals, int before, int after, SourceAnalysis const& analysis,
                                   SourceIndex const& index);

}  // namespace reelmill
