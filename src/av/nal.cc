// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/nal.h"

namespace reelmill::av {

namespace {
std::size_t next_start(Bytes data, std::size_t from) {
  for (std::size_t i = from; i + 2 < data.size(); ++i)
    if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1) return i;
  return data.size();
}
}  // namespace

int nal_length_size(AVCodecParameters const& parameters) {
  if (parameters.extradata_size < 7 || parameters.extradata[0] != 1) return 0;
  if (parameters.codec_id == AV_CODEC_ID_H264) return (parameters.extradata[4] & 3) + 1;
  return parameters.extradata_size > 22 ? (parameters.extradata[21] & 3) + 1 : 0;
}

void for_each_nal(Bytes data, int length_size, std::function<bool(Bytes)> const& see) {
  if (length_size == 0) {
    for (auto start = next_start(data, 0); start < data.size();) {
      auto const begin = start + 3;
      auto const end = next_start(data, begin);
      auto unit = data.subspan(begin, end - begin);
      while (!unit.empty() && unit.back() == 0) unit = unit.first(unit.size() - 1);  // the next code's leading zero, or padding
      if (!unit.empty() && !see(unit)) return;
      start = end;
    }
    return;
  }
  auto const prefix = static_cast<std::size_t>(length_size);
  while (data.size() > prefix) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < prefix; ++i) size = size << 8 | data[i];
    data = data.subspan(prefix);
    if (size == 0 || size > data.size() || !see(data.first(size))) return;
    data = data.subspan(size);
  }
}

}  // namespace reelmill::av
