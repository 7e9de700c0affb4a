// SPDX-License-Identifier: GPL-3.0-or-later
// Exports that take their size or frame rate from the source, for one source.
#pragma once

#include <string>

#include "base/rational.h"
#include "graph/media.h"
#include "plan/lower.h"
#include "project/project.h"

namespace reelmill {

// The source's picture as shown: square pixels, upright, both sides even.
struct ShownSize {
  int width = 0, height = 0;
};
ShownSize shown_size(VideoStreamInfo const& source);

// The constant rate that is what the packets' times say. Where they say none that is in use: the usual one within 2 %, or the
// next above, so that no picture is lost.
Rational constant_rate(SourceIndex const& index);

// "1920x1080", "as the source".
std::string size_text(Export const& target);

// The export with size and rate filled in, the size as the steps leave it.
Export for_source(Export target, SourceIndex const& index, Reshape const& reshape);

}  // namespace reelmill
