// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps a sound's true peak under a ceiling, and does nothing else: a sample that no peak is near comes out bit for bit as it
// went in. It looks 5 ms ahead, becomes quieter smoothly until a peak is there, and comes back in some 60 ms; all channels
// together, so that no place moves. Gives as many samples as it gets, each where it was. The same samples give the same, whatever
// the sizes of the frames. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "av/audio_source.h"
#include "av/true_peak.h"
#include "base/result.h"

namespace reelmill::av {

class Limiter {
 public:
  static constexpr double look_ahead = 0.005, time_to_come_back = 0.06;  // seconds

  // `ceiling` in dBTP.
  Limiter(AudioFormat format, double ceiling);

  using Take = std::function<Result<void>(AVFrame const& frame)>;
  Result<void> push(AVFrame const& frame, Take const& take);
  Result<void> finish(Take const& take);

  double deepest() const;  // dB, the most that was taken away
  double seconds() const;  // in which more than a tenth of a decibel was

 private:
  struct Need {
    std::int64_t at;  // frame
    std::int64_t gain;
  };
  Result<void> work(Take const& take);
  void find_needs(std::size_t count);
  std::int64_t next_gain();
  bool is_idle() const;
  std::int64_t whole() const;  // the gain of what is left as it was
  Result<void> give(std::size_t count, Take const& take);
  std::size_t there() const { return in_.front().size() - TruePeak::reach; }

  AudioFormat format_;
  TruePeak true_peak_;
  float ceiling_;
  std::int64_t ahead_;                  // frames it looks ahead
  std::int64_t release_;                // share of what is missing to 1 that comes back with each frame
  std::vector<std::vector<float>> in_;  // by channel: `reach` samples that are done, then those that are not
  std::size_t seen_ = 0;                // of those not done, how many were looked at
  std::vector<float> peaks_;
  std::deque<Need> needs_;  // of frames from now to `ahead_`, gains below 1 only, rising
  std::int64_t now_, taken_ = 0, given_ = 0;
  // Gains are whole numbers, so that sums are exact: `one` is 1.
  std::int64_t held_, quiet_ = 0;             // frames for which it was 1
  struct Mean {
    std::vector<std::int64_t> ring;
    std::int64_t sum;
    std::size_t at = 0;
    std::int64_t of(std::int64_t value);  // the sum of the last ones, this one included
  };
  Mean first_, second_;  // one after the other
  std::int64_t lowest_, limited_ = 0;
};

}  // namespace reelmill::av
