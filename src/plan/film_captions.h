// SPDX-License-Identifier: GPL-3.0-or-later
// The captions that a film shows: which frames show which.
#pragma once

#include <cstdint>
#include <vector>

#include "base/rational.h"
#include "graph/media.h"
#include "graph/stage.h"

namespace reelmill {

struct FilmCaption {
  std::int64_t from = 0, to = 0;  // milliseconds of the film
  ShownCaption caption;           // but for its frames
};
struct FilmCaptions {
  std::vector<CaptionFont> fonts;  // of the node
  std::vector<FilmCaption> captions;
};

// By frame of the analysis; `tick` is the length of a unit of its time stamps in seconds of the film. A frame shows what is shown
// when it begins, to half a millisecond. Those that no frame shows are left out.
std::vector<ShownCaption> shown_captions(FilmCaptions const& film, SourceAnalysis const& analysis, Rational tick);
// Those of the frames [first, end), counted from `origin`.
std::vector<ShownCaption> captions_within(std::vector<ShownCaption> const& all, std::int32_t first, std::int32_t end,
                                          std::int32_t origin);

// Milliseconds of the film at which its shots begin, so far as the analysis looked for them.
std::vector<std::int64_t> shots_of(SourceAnalysis const& analysis, Rational tick);

}  // namespace reelmill
