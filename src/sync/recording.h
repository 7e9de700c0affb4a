// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as it is compared: mono, at a rate at which speech is whole. Two hours take 115 MB.
#pragma once

#include <cstdint>
#include <vector>

namespace reelmill {

inline constexpr int compared_rate = 8000;  // Hz

struct Recording {
  std::vector<std::int16_t> samples;

  double seconds() const { return static_cast<double>(samples.size()) / compared_rate; }
};

// `count` samples around the instant `middle` (seconds), read `rate` times as fast; silence where there is nothing. Between
// samples by a cubic. Gives the energy of what was read, per sample.
double read_around(Recording const& recording, double middle, double rate, std::size_t count, float* out);

}  // namespace reelmill
