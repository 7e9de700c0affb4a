// SPDX-License-Identifier: GPL-3.0-or-later
// Planar float samples in, packets out. Packets' pts count samples of sound: the first is minus the encoder's priming.
// Lossless codecs get 24 bits, or 16 with triangular dither of a fixed seed.
#pragma once

#include <cstdint>
#include <functional>

#include "av/handles.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

class AudioEncoder {
 public:
  static Result<AudioEncoder> open(AudioEncode const& encode);

  using Take = std::function<Result<void>(AVPacket& packet)>;
  Result<void> push(AVFrame const& frame, Take const& take);
  Result<void> finish(Take const& take);
  Result<Parameters> parameters() const;
  std::int64_t samples() const { return samples_; }  // that went in, lead included
  std::int64_t priming() const { return context_->initial_padding; }

 private:
  AudioEncoder(Codec context, Fifo fifo, Swresample resample, std::int64_t lead)
      : context_(std::move(context)),
        fifo_(std::move(fifo)),
        resample_(std::move(resample)),
        packet_(make_packet()),
        to_skip_(lead < 0 ? -lead : 0) {}
  int frame_size() const;
  Result<void> add(AVFrame const& frame);
  Result<Frame> converted(AVFrame const& frame);
  Result<void> encode(int samples, Take const& take);
  Result<void> drain(Take const& take);

  Codec context_;
  Fifo fifo_;
  Swresample resample_;  // null where the encoder takes planar floats
  Packet packet_;
  std::int64_t to_skip_, samples_ = 0, sent_ = 0;
};

}  // namespace reelmill::av
