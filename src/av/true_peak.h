// SPDX-License-Identifier: GPL-3.0-or-later
// Between the samples: the largest magnitude that a sound reaches near each of its samples, by four-fold oversampling.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "av/handles.h"

namespace reelmill::av {

class TruePeak {
 public:
  // Samples before and after the one in question that are looked at.
  static constexpr std::size_t reach = 16;

  TruePeak();

  // `samples` has `reach` samples before and after those in question, `peaks.size()` in number. Raises each of `peaks` to the
  // magnitude of its sample and of what lies between it and its neighbours; what lies between may be left out where it cannot
  // exceed `floor`.
  void raise(std::span<float const> samples, float floor, std::span<float> peaks) const;

 private:
  static constexpr std::size_t phases = 3;  // besides the samples themselves
  std::array<std::array<float, 2 * reach>, phases> taps_;
  float most_ = 1;  // by how much what is between can exceed the largest sample
};

// The same of a sound that comes in frames, the largest of all channels. One thread.
class TruePeaks {
 public:
  // What is below that share of the largest yet is not looked at between its samples: 1 where only the largest is wanted.
  TruePeaks(int channels, float not_looked_at);

  // Of the next samples, in order, some time after they were added.
  using Take = std::function<void(std::span<float const> peaks)>;
  void add(AVFrame const& frame, Take const& take);
  void finish(Take const& take);

  float largest() const { return largest_; }

 private:
  void work(std::size_t least, Take const& take);

  TruePeak true_peak_;
  std::vector<std::vector<float>> in_;  // by channel: `reach` samples that are done, then those that are not
  std::vector<float> peaks_;
  float not_looked_at_, largest_ = 0;
};

}  // namespace reelmill::av
