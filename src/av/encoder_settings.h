// SPDX-License-Identifier: GPL-3.0-or-later
// What each encoder is told, so that it makes closed groups of pictures where we say, the same parameter sets for every
// chunk, and the same bytes every time: one thread each, no cuts of its own.
#pragma once

#include "av/handles.h"
#include "base/result.h"
#include "graph/codecs.h"
#include "graph/stage.h"

namespace reelmill::av {

struct RateControl {
  double crf = 23;
  std::int64_t maxrate = 0;  // bits a second; 0: unlimited
  std::int64_t buffer = 0;   // bits
};

// Size, rate and colours are in `context` already. `longest_gop` is that of the chunk, in frames, for encoders that cannot be
// told picture by picture.
void settle(VideoCodec const& codec, EncodeNode const& node, RateControl const& control, std::int64_t longest_gop,
            AVCodecContext& context, Options& options);

}  // namespace reelmill::av
