// SPDX-License-Identifier: GPL-3.0-or-later
// A text track's packets, as a container's codec has them: mov_text, subrip or webvtt. Times are milliseconds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "av/handles.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill {

class TextPackets {
 public:
  // `codec` is libavcodec's name. `track` must outlive it.
  TextPackets(TextTrack const& track, std::string_view codec);

  static constexpr AVRational tick{1, 1000};
  // What the container is told of the track; bytes as libavcodec has them.
  static Result<av::Parameters> parameters(std::string_view codec);
  // False at the end.
  bool read(AVPacket& packet);

 private:
  struct Piece {
    std::int64_t from = 0, to = 0;
    std::string bytes;
  };
  std::vector<Piece> pieces_;
  std::size_t next_ = 0;
};

}  // namespace reelmill
