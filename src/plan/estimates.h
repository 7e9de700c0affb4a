// SPDX-License-Identifier: GPL-3.0-or-later
// What work will cost, as guesses from sizes and settings: seconds of one core, and bytes that it leaves on the disk.
#pragma once

#include <cstdint>

#include "base/rational.h"
#include "graph/stage.h"
#include "plan/conform.h"
#include "plan/picture_graph.h"
#include "plan/plan.h"

namespace reelmill {

struct Estimate {
  double seconds = 0;
  std::int64_t bytes = 0;
};

// Encoded pictures depend on what is in them; they surely take this part of the bytes that are guessed.
inline constexpr double surely = 0.25;

Estimate estimate_of_analysis(std::int64_t frames);
// Of what is wanted of the chunk.
Estimate estimate_of(VideoChunk const& chunk, PictureGraph const& graph, Conform const& conform);
// Of all encodes, before there are chunks; `frames` of the source that last so many seconds of the film.
Estimate estimate_of_render(PictureGraph const& graph, Conform const& conform, std::int64_t frames, Rational duration);
// Bytes of one encode that lasts so long.
std::int64_t encoded_bytes(EncodeNode const& node, std::size_t variant, Rational duration);
// Of one film with so many bytes of picture, and of a copy of so many; a null sound: it has none.
Estimate estimate_of_join(std::int64_t picture, AudioEncode const* sound, Rational duration);
Estimate estimate_of_copy(std::int64_t picture);

void expect(PlannedStage& stage, Estimate const& estimate);

}  // namespace reelmill
