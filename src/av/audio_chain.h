// SPDX-License-Identifier: GPL-3.0-or-later
// A chain of libavfilter filters for sound that gives back exactly as many samples as it got, each where it was: every
// filter's latency is cut behind it and fed as silence at the end. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "av/audio_source.h"
#include "av/filter_graph.h"
#include "av/handles.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

class AudioChain {
 public:
  static Result<AudioChain> open(std::vector<AudioFilter> const& filters, AudioFormat format);

  using Take = std::function<Result<void>(AVFrame const& frame)>;
  Result<void> push(AVFrame const& frame, Take const& take);
  Result<void> finish(Take const& take);

  std::int64_t latency() const { return latency_; }  // samples, of the whole chain

 private:
  AudioChain() = default;
  Result<void> drain(Take const& take);
  Result<void> send(AVFrame const& frame);

  std::optional<FilterGraph> graph_;  // none when there are no filters
  AudioFormat format_;
  std::int64_t latency_ = 0, taken_ = 0, given_ = 0, sent_ = 0;
};

}  // namespace reelmill::av
