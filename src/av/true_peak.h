// SPDX-License-Identifier: GPL-3.0-or-later
// Between the samples: the largest magnitude that a sound reaches near each of its samples, by four-fold oversampling.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace reelmill::av {

class TruePeak {
 public:
  // Samples before and after the one in question that are looked at.
  static constexpr std::size_t reach = 16;

  TruePeak();

  // `samples` has `reach` samples before and after those in question, `peaks.size()` in number. Raises each of `peaks` to the
  // magnitude of its sample and of what lies between it and its neighbours. What cannot exceed `floor` may be left out.
  void raise(std::span<float const> samples, float floor, std::span<float> peaks) const;

 private:
  static constexpr std::size_t phases = 3;  // besides the samples themselves
  std::array<std::array<float, 2 * reach>, phases> taps_;
  float most_ = 1;  // by how much what is between can exceed the largest sample
};

}  // namespace reelmill::av
