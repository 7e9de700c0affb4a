// SPDX-License-Identifier: GPL-3.0-or-later
// Which pieces make one cue: the cheapest way through all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "captions/line_breaker.h"
#include "captions/profile.h"

namespace reelmill {

struct CuttingRules {
  CaptionProfile const& profile;
  std::int64_t gap = 0, snap = 0;  // milliseconds
  std::vector<std::int64_t> const& shots;
  std::int64_t end = 0;           // no cue is later; 0: not known
  bool as_few_as_can_be = false;  // where there is no room for more
};

// Where each cue begins, the first one's 0 among them.
std::vector<std::size_t> cut_into_cues(std::vector<Piece> const& pieces, LineBreaker const& breaker, CuttingRules const& rules);

}  // namespace reelmill
