// SPDX-License-Identifier: GPL-3.0-or-later
// Packets in, frames out. One thread at a time; the decoder itself runs on the caller's thread.
#pragma once

#include <string>

#include "av/demuxer.h"
#include "av/handles.h"
#include "base/result.h"

namespace reelmill::av {

struct DecoderOptions {
  bool strict = false;       // any damage is an error
  bool counts_only = false;  // frames are counted, not seen: everything is parsed, but neither transformed nor deblocked
};

class Decoder {
 public:
  // `name` is what messages call the media. `packet_time_base` may be {0, 1}.
  static Result<Decoder> open(AVCodecParameters const& parameters, AVRational packet_time_base, std::string name,
                              DecoderOptions options = {});

  // Sends one packet (nullptr: no more will come) and hands every frame that is ready to `take`, a callable
  // Result<void>(AVFrame&). Damaged packets are counted and passed over unless strict.
  template <class Take>
  Result<void> decode(AVPacket const* packet, Take&& take) {
    TRY(send(packet));
    while (TRY(receive()) == Pull::item) TRY(take(*frame_));
    return {};
  }
  void flush();
  int errors() const { return errors_; }

 private:
  Decoder(Codec context, std::string name, bool strict)
      : context_(std::move(context)), frame_(make_frame()), name_(std::move(name)), strict_(strict) {}
  Result<void> send(AVPacket const* packet);
  Result<Pull> receive();
  void complete_time();

  Codec context_;
  Frame frame_;
  std::string name_;
  bool strict_;
  int errors_ = 0;
  std::int64_t last_shown_ = AV_NOPTS_VALUE, step_ = 0;
};

// XXH3-64 of the visible samples of all planes, the size and, of an interlaced frame, which field comes first.
std::uint64_t checksum(AVFrame const& frame);

// The brightest light of a picture, in cd/m², as its metadata says (MaxCLL, else the mastering display); 0: it says nothing.
int peak_light(AVFrame const& frame);

}  // namespace reelmill::av
