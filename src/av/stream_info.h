// SPDX-License-Identifier: GPL-3.0-or-later
// What a container says of its streams, in Reelmill's own structs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "av/handles.h"
#include "base/hash.h"
#include "graph/media.h"

namespace reelmill::av {

VideoStreamInfo video_info(AVStream const& stream);
AudioStreamInfo audio_info(AVStream const& stream);
// Dolby Vision whose base layer shows wrong colours without its metadata (profile 5): nothing here can decode it rightly.
bool needs_dolby_vision(AVStream const& stream);
// Everything of a stream besides its packets that decides what it decodes to; tags are not.
void add_parameters(Hasher& hasher, AVStream const& stream);

// The same and how it is to be turned; then each of its packets in turn, whose hash is given back.
void add_picture(Hasher& hasher, AVStream const& stream);
std::uint64_t add_packet(Hasher& hasher, AVPacket const& packet);

// Matroska has no decoding times, and libav finds none for the first packets of pictures that are shown in another order: those
// lie before the first time that it finds. `places` counts the packets from there.
std::int64_t dts_before(std::int64_t first, std::int64_t duration, std::size_t places);

// Whether a header comes with the packet that is another than the stream's.
bool changes_header(AVPacket const& packet, AVCodecParameters const& parameters);

// What the container says beside the packets; null where it says nothing or too little.
template <class T>
T const* side_data(AVStream const& stream, AVPacketSideDataType type) {
  std::size_t size = 0;
  auto const* data = av_stream_get_side_data(&stream, type, &size);
  return data && size >= sizeof(T) ? reinterpret_cast<T const*>(data) : nullptr;
}

}  // namespace reelmill::av
