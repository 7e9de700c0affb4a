// SPDX-License-Identifier: GPL-3.0-or-later
// How late a filter's sound comes out of it, found by listening: what a filter says of itself, it says in no way that all
// versions of libavfilter share.
#pragma once

#include <cstdint>

#include "av/audio_source.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

// Samples at the rate of `format`, from 0 to a tenth of a second. A filter that gives back nothing like a tone that rises from
// 1 to 2.5 kHz is an error of kind `bug`. Takes milliseconds.
Result<std::int64_t> measured_latency(AudioFilter const& filter, AudioFormat format);

}  // namespace reelmill::av
