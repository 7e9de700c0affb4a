// SPDX-License-Identifier: GPL-3.0-or-later
// Which source frame each output frame shows. The film has N = round(duration × rate) frames; a chunk's map depends only
// on times inside the chunk, and the chunk's place in the film decides only between L and L+1 frames.
#pragma once

#include <cstdint>
#include <vector>

#include "base/rational.h"
#include "graph/media.h"
#include "plan/borders.h"

namespace reelmill {

// For each interval, for each of its output frames, the source frame counted from the interval's first.
std::vector<std::vector<std::int32_t>> frame_maps(SourceAnalysis const& analysis, Rational time_base,
                                                  std::vector<Interval> const& intervals, Rational rate);

}  // namespace reelmill
