// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of one chunk after another, as they are shown: found again by the chunk's seek point, decoded, checked
// against the checksums of the analysis, prefiltered, brought to one size and to 8-bit 4:2:0 of limited range. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "av/decoder.h"
#include "av/demuxer.h"
#include "av/fitter.h"
#include "av/pictures.h"
#include "av/prefilter_chain.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

class VideoSource {
 public:
  // `stage` must outlive it.
  static Result<VideoSource> open(VideoStage const& stage);

  // The next calls of next() give the frames that this chunk shows. It must outlive them.
  Result<void> begin(VideoChunk const& chunk);
  // The next shown picture. All of a chunk's pictures are there, or it is an error of kind media.
  Result<Frame> next();

 private:
  VideoSource(VideoStage const& stage, Demuxer demuxer, Decoder decoder);
  Result<Frame> decoded();
  Result<Frame> expected();
  Result<Frame> prefiltered();
  Result<Frame> converted(Frame frame, AVPixelFormat format);
  Result<Frame> in_working_format(Frame frame);

  // A scale from one kind of picture to another, made again when either changes.
  struct Conversion {
    int width = 0, height = 0, in = -1, out = -1;
    bool full = false;
    Scaler scaler{};
    PicturePool pool{};
  };

  VideoStage const* stage_;
  Demuxer demuxer_;
  Decoder decoder_;
  Packet packet_;
  AVRational aspect_;
  VideoChunk const* chunk_ = nullptr;
  std::size_t read_ = 0, given_ = 0;  // frames of the chunk's pts that were decoded, that left the prefilters
  std::optional<SeekPoint> begun_at_;
  std::int64_t last_pts_ = 0;
  bool ended_ = false, flushed_ = false;
  std::deque<Frame> ready_;  // decoded, in order, not yet handed out
  std::deque<Frame> past_;   // the last ones handed out, as many as the margins of two chunks have in common
  std::size_t margins_ = 0;
  std::optional<PrefilterChain> chain_;
  AVPixelFormat chain_format_ = AV_PIX_FMT_NONE;
  Conversion to_chain_, to_nodes_;
};

}  // namespace reelmill::av
