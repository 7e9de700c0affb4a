// SPDX-License-Identifier: GPL-3.0-or-later
// One encoder on one thread: the same frames give the same bytes, always. Frames are numbered from 0; the encoder is
// told where GOPs begin, and makes closed ones. DTS are ours: packet n of a chunk decodes at n - reorder. Every packet is
// shown: hidden frames (VP9, AV1) travel with the next one that is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "av/demuxer.h"
#include "av/encoder_settings.h"
#include "av/fitter.h"
#include "av/handles.h"
#include "av/pictures.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

class VideoEncoder {
 public:
  static Result<VideoEncoder> open(EncodeNode const& node, RateControl const& control, std::int64_t frames);

  // Sends one picture (nullptr: no more) and hands every packet that is ready to `take`, a callable
  // Result<void>(AVPacket&). A packet's pts counts frames.
  template <class Take>
  Result<void> encode(AVFrame const* picture, Take&& take) {
    TRY(send(picture));
    while (TRY(receive()) == Pull::item) TRY(take(*packet_));
    return {};
  }
  Result<Parameters> parameters() const;
  // The encoder's note about its options, cut out of the first packet: only the first chunk of a film carries it.
  std::vector<std::uint8_t> const& options_note() const { return note_; }

 private:
  VideoEncoder(Codec context, std::vector<std::int64_t> starts, int reorder, std::string name)
      : context_(std::move(context)),
        packet_(make_packet()),
        picture_(make_frame()),
        starts_(std::move(starts)),
        reorder_(reorder),
        name_(std::move(name)) {}
  Result<void> send(AVFrame const* picture);
  Result<void> convert(AVFrame const& picture);
  Result<Pull> receive();

  Codec context_;
  Packet packet_;
  Frame picture_;
  std::optional<Scaler> scaler_;
  PicturePool pool_;
  std::vector<std::int64_t> starts_;
  std::size_t next_start_ = 0;
  std::int64_t sent_ = 0, received_ = 0;
  int reorder_;
  std::string name_;
  std::vector<std::uint8_t> note_;
};

}  // namespace reelmill::av
