// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/fade.h"

#include <array>
#include <cmath>

namespace reelmill::av {

void copy_looks(AVFrame const& from, AVFrame& to) {
  to.sample_aspect_ratio = from.sample_aspect_ratio;
  to.colorspace = from.colorspace;
  to.color_range = from.color_range;
  to.color_primaries = from.color_primaries;
  to.color_trc = from.color_trc;
}

Result<Frame> mix_with(AVFrame const& in, Yuv const& colour, int weight, PicturePool& pool) {
  auto out = TRY(pool.take());
  copy_looks(in, *out);
  std::array const samples{colour.y, colour.u, colour.v};
  for (int plane = 0; plane < 3; ++plane) {
    int const width = plane ? (in.width + 1) / 2 : in.width, height = plane ? (in.height + 1) / 2 : in.height;
    int const added = static_cast<int>(std::lround(samples[static_cast<std::size_t>(plane)])) * weight + 32768;
    int const kept = 65536 - weight;
    for (int y = 0; y < height; ++y) {
      auto const* const from = in.data[plane] + static_cast<std::ptrdiff_t>(y) * in.linesize[plane];
      auto* const to = out->data[plane] + static_cast<std::ptrdiff_t>(y) * out->linesize[plane];
      for (int x = 0; x < width; ++x) to[x] = static_cast<std::uint8_t>((from[x] * kept + added) >> 16);
    }
  }
  return out;
}

}  // namespace reelmill::av
