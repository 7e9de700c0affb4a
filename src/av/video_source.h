// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of one chunk after another, as they are shown: found again by the chunk's seek point, decoded, checked
// against the checksums of the analysis, brought to 8-bit 4:2:0 of limited range. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "av/decoder.h"
#include "av/demuxer.h"
#include "av/fitter.h"
#include "av/pictures.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

class VideoSource {
 public:
  static Result<VideoSource> open(std::string const& path, int stream);

  // The next calls of next() give the frames of this chunk. It must outlive them.
  Result<void> begin(VideoChunk const& chunk);
  // The next wanted picture. All of a chunk's pictures are there, or it is an error of kind media.
  Result<Frame> next();

 private:
  VideoSource(Demuxer demuxer, Decoder decoder, int stream)
      : demuxer_(std::move(demuxer)), decoder_(std::move(decoder)), packet_(make_packet()), stream_(stream) {}
  Result<Frame> decoded();
  Result<Frame> in_working_format(Frame frame);

  Demuxer demuxer_;
  Decoder decoder_;
  Packet packet_;
  int stream_;
  VideoChunk const* chunk_ = nullptr;
  std::size_t at_ = 0;
  std::optional<SeekPoint> begun_at_;
  std::int64_t last_pts_ = 0;
  bool ended_ = false;
  std::vector<Frame> ready_;  // decoded, in order, not yet handed out (front first)
  std::optional<Scaler> convert_;
  PicturePool pool_;
};

}  // namespace reelmill::av
