// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/access.h"

#include "av/nal.h"

namespace reelmill::av {

namespace {
Access h264_access(Bytes data, int length_size) {
  auto access = Access::open;
  for_each_nal(data, length_size, [&](Bytes nal) {
    if ((nal[0] & 0x1f) == 5) access = Access::closed;
    return access == Access::open;
  });
  return access;
}

Access hevc_access(Bytes data, int length_size) {
  auto access = Access::open;
  for_each_nal(data, length_size, [&](Bytes nal) {
    int const type = nal[0] >> 1 & 0x3f;
    if (type == 18 || type == 20)
      access = Access::closed;  // BLA_N_LP, IDR_N_LP
    else if ((type >= 16 && type <= 19) || type == 21)
      access = Access::leading;  // BLA, IDR_W_RADL, CRA
    return type > 31;            // the first slice decides
  });
  return access;
}

Access mpeg2_access(Bytes data) {
  auto access = Access::open;
  for_each_nal(data, 0, [&](Bytes unit) {  // MPEG-2's start codes are the same
    if (unit[0] != 0xb8 || unit.size() < 5) return true;
    if (unit[4] & 0x40) access = Access::closed;
    return false;
  });
  return access;
}
}  // namespace

Access access_of(AVPacket const& packet, AVCodecParameters const& parameters) {
  if (!(packet.flags & AV_PKT_FLAG_KEY)) return Access::none;
  auto const* descriptor = avcodec_descriptor_get(parameters.codec_id);
  if (descriptor && (descriptor->props & AV_CODEC_PROP_INTRA_ONLY)) return Access::closed;
  Bytes const data(packet.data, static_cast<std::size_t>(packet.size));
  switch (parameters.codec_id) {
    case AV_CODEC_ID_H264:
      return h264_access(data, nal_length_size(parameters));
    case AV_CODEC_ID_HEVC:
      return hevc_access(data, nal_length_size(parameters));
    case AV_CODEC_ID_MPEG2VIDEO:
      return mpeg2_access(data);
    case AV_CODEC_ID_VP8:
    case AV_CODEC_ID_VP9:
    case AV_CODEC_ID_AV1:
      return Access::closed;
    default:
      return Access::open;
  }
}

}  // namespace reelmill::av
