// SPDX-License-Identifier: GPL-3.0-or-later
// Sound between its samples: a sinc in a Kaiser window, flat to nine tenths of the band, what it adds lies 85 dB below.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace reelmill::av {

// 1 at 0, nothing from `half` samples on; `beta` shapes the window.
double windowed_sinc(double distance, double half, double beta);

class Sinc {
 public:
  static constexpr int half = 24;  // samples to either side
  static constexpr std::size_t taps = 2 * half;

  Sinc();

  // The weights of the samples from `half - 1` before the place to `half` behind it, where `part`, from 0 to below 1, is how
  // far the place lies behind a sample.
  void weights(double part, std::array<float, taps>& out) const;

 private:
  static constexpr std::size_t phases = 512;
  std::vector<std::array<float, taps>> table_;  // one more than the phases: between two is a straight line
};

}  // namespace reelmill::av
