// SPDX-License-Identifier: GPL-3.0-or-later
// Gain over time: one number for the whole sound, and for dynamic processing a curve besides.
#pragma once

#include <cstdint>
#include <vector>

#include "av/handles.h"

namespace reelmill::av {

// What an amplitude is multiplied by.
double factor_of(double decibel);

struct GainShape {
  double gain = 0;           // dB
  std::vector<float> curve;  // dB at each tenth of a second, straight between; empty: none

  // What a sample at that second is multiplied by.
  double factor_at(double second) const;
  // To the samples from `position` on, in place.
  void apply(AVFrame& frame, std::int64_t position) const;
};

// The curve that moves what is louder or quieter than `middle` (LUFS) towards it, until so much of the distance is left. What is
// far below speech or music (20 LU) is not raised: there the gain stays what it was. `short_term` as av/loudness_meter.h has it.
std::vector<float> curve_towards(double middle, double left, std::vector<float> const& short_term);

}  // namespace reelmill::av
