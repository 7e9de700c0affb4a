// SPDX-License-Identifier: GPL-3.0-or-later
// How strongly a node with a timing is applied to each frame of a source.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/rational.h"
#include "graph/media.h"
#include "ops/operation.h"
#include "plan/picture_graph.h"

namespace reelmill {

// For each frame 0 (not at all) to 65536. `tick` is the length of a unit of the analysis' time stamps in seconds of the film.
// A frame belongs to the span when it begins inside. While the strength rises a frame counts by its beginning, while it
// falls by its end, so that a fade begins and ends with nothing.
std::vector<std::int32_t> weights_of(Envelope const& timing, SourceAnalysis const& analysis, Rational tick);
// Of every node that has one, by id.
std::map<std::string, std::vector<std::int32_t>> weights_of(PictureGraph const& graph, SourceAnalysis const& analysis,
                                                            Rational tick);

}  // namespace reelmill
