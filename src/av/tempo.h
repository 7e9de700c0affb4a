// SPDX-License-Identifier: GPL-3.0-or-later
// Makes sound faster or slower without changing its pitch (Rubber Band, through libavfilter). One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "av/audio_source.h"
#include "av/filter_graph.h"
#include "av/handles.h"
#include "base/rational.h"
#include "base/result.h"

namespace reelmill::av {

class Tempo {
 public:
  // `tempo` samples become one; 1 hands frames on as they are.
  static Result<Tempo> open(Rational tempo, AudioFormat format);

  using Take = std::function<Result<void>(AVFrame const& frame)>;
  Result<void> push(AVFrame const& frame, Take const& take);
  // Hands out the rest: altogether as many samples as came in, divided by the tempo and rounded.
  Result<void> finish(Take const& take);

 private:
  Tempo() = default;
  Result<void> send(AVFrame const& frame);
  Result<void> drain(std::int64_t most, Take const& take);

  std::optional<FilterGraph> graph_;  // none at tempo 1
  Rational tempo_{1};
  AudioFormat format_;
  std::int64_t taken_ = 0, sent_ = 0, given_ = 0;
};

}  // namespace reelmill::av
