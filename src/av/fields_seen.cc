// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/fields_seen.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace reelmill::av {

namespace {

constexpr int every = 12;
// Ratios of roughness. Test patterns with edges along lines reach 1.22 and 0.92 though they are progressive.
constexpr double clearly = 1.15, one_field_apart = 0.95, together = 0.8;

// Roughness of a line between its neighbours above and below.
template <class Sample>
std::uint64_t roughness(std::uint8_t const* above, std::uint8_t const* line, std::uint8_t const* below, int width) {
  auto const* const a = reinterpret_cast<Sample const*>(above);
  auto const* const b = reinterpret_cast<Sample const*>(line);
  auto const* const c = reinterpret_cast<Sample const*>(below);
  std::uint64_t sum = 0;
  for (int block = 0; block < width; block += 4096) {
    std::uint32_t part = 0;
    int const end = std::min(width, block + 4096);
    for (int x = block; x < end; ++x) part += static_cast<std::uint32_t>(std::abs(a[x] + c[x] - 2 * b[x]));
    sum += part;
  }
  return sum;
}

template <class Sample>
Fields judge(AVFrame const& before, AVFrame const& picture, AVFrame const& after) {
  auto const line = [](AVFrame const& frame, int y) {
    return frame.data[0] + static_cast<std::ptrdiff_t>(y) * frame.linesize[0];
  };
  // Each line in turn is replaced by that of a neighbouring picture. If the top field is first, then the next picture's top
  // lines follow this one's bottom lines at once, and the bottom lines before came just ahead of this one's top lines.
  std::uint64_t top_first = 0, bottom_first = 0, own = 0;
  for (int y = 2; y + 2 < picture.height; ++y) {
    auto const* const above = line(picture, y - 1);
    auto const* const below = line(picture, y + 1);
    auto const old = roughness<Sample>(above, line(before, y), below, picture.width);
    auto const next = roughness<Sample>(above, line(after, y), below, picture.width);
    bool const is_top = y % 2 == 0;
    top_first += is_top ? next : old;
    bottom_first += is_top ? old : next;
    own += roughness<Sample>(above, line(picture, y), below, picture.width);
  }
  auto const t = static_cast<double>(top_first), b = static_cast<double>(bottom_first), o = static_cast<double>(own);
  // Interlaced, its own lines are one field apart, as far as the nearer neighbour's; progressive, they belong together.
  double const nearer = std::min(t, b);
  if (o > one_field_apart * nearer && b > clearly * t) return Fields::top_first;
  if (o > one_field_apart * nearer && t > clearly * b) return Fields::bottom_first;
  if (o < together * nearer) return Fields::progressive;
  return Fields::undecided;
}

bool are_alike(AVFrame const& a, AVFrame const& b) { return a.format == b.format && a.width == b.width && a.height == b.height; }

}  // namespace

Fields seen_fields(AVFrame const& before, AVFrame const& picture, AVFrame const& after) {
  auto const* const about = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture.format));
  bool const is_planar_luma = about &&
                              !(about->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM |
                                                AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BE)) &&
                              about->comp[0].plane == 0 && about->comp[0].step == (about->comp[0].depth + 7) / 8;
  if (!is_planar_luma || !are_alike(before, picture) || !are_alike(after, picture)) return Fields::undecided;
  return about->comp[0].depth > 8 ? judge<std::uint16_t>(before, picture, after) : judge<std::uint8_t>(before, picture, after);
}

void FieldCounter::see(AVFrame const& picture) {
  switch (number_++ % every) {
    case 0:
      before_ = share(picture);
      return;
    case 1:
      middle_ = share(picture);
      return;
    case 2:
      break;
    default:
      return;
  }
  if (!before_ || !middle_) return;
  switch (seen_fields(*before_, *middle_, picture)) {
    case Fields::progressive:
      ++counted_.progressive;
      break;
    case Fields::top_first:
      ++counted_.top_first;
      break;
    case Fields::bottom_first:
      ++counted_.bottom_first;
      break;
    case Fields::undecided:
      ++counted_.undecided;
      break;
  }
  before_.reset();
  middle_.reset();
}

}  // namespace reelmill::av
