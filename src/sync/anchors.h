// SPDX-License-Identifier: GPL-3.0-or-later
// The coarse search: where in all of one recording each of some pieces of the other may lie. The whole overlap is searched.
#pragma once

#include <vector>

#include "base/result.h"
#include "sync/onsets.h"
#include "sync/tell_share.h"

namespace reelmill {

// A place of a piece. `lag` is what to add to an instant of the piece's recording to come to that of the other.
struct Anchor {
  std::size_t piece = 0;
  double at = 0;        // the piece's middle, seconds
  double lag = 0;       // seconds, good to about a hundredth
  double strength = 0;  // above the mean of all lags, in deviations
};

struct Pieces {
  double length = 20;  // seconds
  std::size_t most = 32;
  double nearest = 5;        // seconds from one piece to the next, at least
  std::size_t places = 4;    // kept of each piece, the strongest
  double separation = 0.25;  // seconds between two places of one piece
};

// Pieces of `of`, evenly spread, sought in `in`; piece by piece, the strongest first. `tell` hears what share is done.
Result<std::vector<Anchor>> find_anchors(Onsets const& of, Onsets const& in, Pieces const& pieces,
                                         TellShare const& tell = [](double) {});

// Those that others bear out: another piece, moved by no more than clocks run apart, says the same. Of each piece the one that
// is borne out best. Where none is, the strongest of all.
std::vector<Anchor> borne_out(std::vector<Anchor> const& anchors);

// The steepest that clocks run apart.
inline constexpr double steepest_drift = 0.0012;

}  // namespace reelmill
