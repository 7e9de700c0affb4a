// SPDX-License-Identifier: GPL-3.0-or-later
// What a container says of one stream and what its packets show, for a probe. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "av/handles.h"
#include "graph/probe.h"

namespace reelmill::av {

// The header's claims; what packets show comes from PacketWatch.
PictureProbe picture_probe(AVStream const& stream);
SoundProbe sound_probe(AVStream const& stream);
OtherStream other_stream(AVStream const& stream);
bool is_attached_picture(AVStream const& stream);
// Printable; empty where there is none.
std::string tag_of(AVDictionary const* tags, char const* name);

// Sees every packet of a stream go by, in the file's order.
class PacketWatch {
 public:
  explicit PacketWatch(AVStream const& stream) : stream_(&stream) {}
  void see(AVPacket const& packet);

  // Once all have gone by. Times of a film's streams share one clock.
  StreamTiming timing() const;
  void tell(PictureProbe& picture) const;
  void tell(SoundProbe& sound) const;

  // Presentation times of the pictures that are to be shown, ascending; empty where any packet has none.
  std::vector<std::int64_t> shown() const;
  double seconds(std::int64_t time) const;

 private:
  void see_picture(AVPacket const& packet);
  void see_sound(AVPacket const& packet);

  AVStream const* stream_;
  StreamTiming timing_;
  AccessPoints access_;
  std::vector<std::int64_t> times_;
  std::int64_t last_dts_ = AV_NOPTS_VALUE, sound_end_ = AV_NOPTS_VALUE;
  std::int64_t first_ = AV_NOPTS_VALUE, end_ = AV_NOPTS_VALUE, last_duration_ = 0;
  std::int64_t since_access_ = 0, access_time_ = 0;
  std::int64_t changes_ = 0;
  int width_ = 0, height_ = 0;
};

}  // namespace reelmill::av
