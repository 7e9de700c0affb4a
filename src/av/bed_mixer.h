// SPDX-License-Identifier: GPL-3.0-or-later
// Adds a bed to a sound: faded in and out, and quieter while the sound is heard. It looks 0.3 s ahead, so that the bed has made room
// before a word begins, and waits 0.4 s before it comes back. Gives as many samples as it gets, each where it was, the same whatever
// the sizes of the frames. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "av/audio_source.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

class BedMixer {
 public:
  // Fills the frame with the bed's samples from `at` on, counted from its beginning.
  using Fetch = std::function<Result<void>(std::int64_t at, AVFrame& into)>;
  // The bed is heard up to sample `end`, which is where its fade ends.
  BedMixer(SoundBed const& bed, std::int64_t end, AudioFormat format, Fetch fetch);

  using Take = std::function<Result<void>(AVFrame const& frame)>;
  Result<void> push(AVFrame const& frame, Take const& take);
  Result<void> finish(Take const& take);

 private:
  void listen(std::size_t hop, std::size_t count);
  void room_up_to(std::size_t hops);
  Result<void> give(std::int64_t end, Take const& take);
  double gain_at(std::int64_t sample) const;

  AudioFormat format_;
  Fetch fetch_;
  std::int64_t hop_;  // samples of 20 ms
  std::int64_t from_, end_, fade_in_, fade_out_;
  double gain_, duck_, threshold_;
  std::vector<std::vector<float>> in_;  // by channel, from sample `given_` on
  std::int64_t taken_ = 0, given_ = 0;
  std::vector<float> heard_, room_;  // by hop: how far the bed should be ducked, 0 to 1, and is
};

}  // namespace reelmill::av
