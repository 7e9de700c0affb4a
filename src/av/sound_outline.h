// SPDX-License-Identifier: GPL-3.0-or-later
// A sound told in milliseconds, and what a gain and a limiter will make of its loudness: found without going over its samples
// again, to some hundredths of a LU where the limiter takes a few decibels (docs/decisions/017).
#pragma once

#include <optional>
#include <vector>

#include "av/gain_shape.h"

namespace reelmill::av {

// 8 bytes a millisecond, 29 MB an hour.
struct SoundOutline {
  static constexpr double weighting = -0.691;  // LUFS of a power of 1
  std::vector<float> power;  // mean square of the millisecond, filtered and its channels weighted as BS.1770 has it
  std::vector<float> peak;   // the largest true peak of any channel; of what is 20 dB below the largest yet, that of the samples
};

struct LoudnessForecast {
  std::optional<double> integrated;  // LUFS; nothing below the gates
  double deepest = 0;                // dB, the most that the limiter takes away
};
// Once `shape` and a limiter at `ceiling` (dBTP) have worked on it.
LoudnessForecast forecast_loudness(SoundOutline const& outline, GainShape const& shape, std::optional<double> ceiling);

}  // namespace reelmill::av
