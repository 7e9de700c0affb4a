// SPDX-License-Identifier: GPL-3.0-or-later
// What the index learns of one sound stream from its packets: its identity, from when to when it is heard, and whether it
// can be decoded at all, which the first packets are tried for.
#pragma once

#include <cstdint>
#include <optional>

#include "av/decoder.h"
#include "base/hash.h"
#include "base/rational.h"
#include "graph/media.h"

namespace reelmill::av {

class SoundTrack {
 public:
  // The stream must outlive it. `name` is what messages call the file.
  SoundTrack(AVStream const& stream, std::string const& name);

  Result<void> add(AVPacket const& packet);
  // After the last packet.
  Result<AudioStreamInfo> finish();

 private:
  Result<void> try_decoding(AVPacket const* packet);
  void follow(AVPacket const& packet);
  Rational seconds(std::int64_t ticks) const;

  AVStream const& stream_;
  std::optional<Decoder> decoder_;  // until it gave a frame, or was given up
  bool decodes_ = false;
  std::int64_t packets_ = 0;
  Hasher identity_;
  // In ticks of the stream: where the sound begins, where the last packet ends, what jumps of the clock are taken out.
  std::optional<std::int64_t> first_;
  std::int64_t end_ = 0, shift_ = 0, longest_ = 0;
  bool has_begun_ = false;
  Rational discarded_{0};  // seconds that a decoder drops of the last packet
};

}  // namespace reelmill::av
