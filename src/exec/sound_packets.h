// SPDX-License-Identifier: GPL-3.0-or-later
// The sound's packets on their way into a film: proved by their hash at the end and, where a container wants PCM cut along
// the pictures, cut so.
#pragma once

#include <deque>
#include <optional>

#include "av/packets_file.h"
#include "base/rational.h"
#include "base/result.h"
#include "graph/codecs.h"
#include "graph/stage.h"

namespace reelmill {

class SoundPackets {
 public:
  static Result<SoundPackets> open(PacketsInput const& input);

  AVCodecParameters const& parameters() const { return *parameters_; }
  AudioCodec const* codec() const { return codec_; }
  int sample_rate() const { return parameters_->sample_rate; }

  // PCM only: one packet for each of `frames` pictures, the last filled up with silence, what comes after left out.
  void cut_to_pictures(Rational rate, std::int64_t frames);
  bool is_cut_to_pictures() const { return cut_rate_.has_value(); }

  // False at the end. pts, dts and duration count samples; the first is minus the priming.
  Result<bool> read(AVPacket& packet);

 private:
  SoundPackets(av::PacketsReader reader, av::Parameters parameters, AudioCodec const* codec, std::string hash)
      : reader_(std::move(reader)), parameters_(std::move(parameters)), codec_(codec), hash_(std::move(hash)) {}
  Result<bool> read_whole(AVPacket& packet);
  Result<bool> read_cut(AVPacket& packet);

  av::PacketsReader reader_;
  av::Parameters parameters_;
  AudioCodec const* codec_;
  std::string hash_;
  std::optional<Rational> cut_rate_;
  std::int64_t frame_ = 0, frames_ = 0;
  std::deque<std::uint8_t> waiting_;
  bool at_end_ = false;
};

}  // namespace reelmill
