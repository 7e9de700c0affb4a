// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/stamp.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "av/colour.h"
#include "av/fade.h"

extern "C" {
#include <libavutil/imgutils.h>
}

namespace reelmill::av {

namespace {
constexpr int sharp = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT;

using Samples = std::vector<std::uint8_t>;

std::uint8_t rounded(float value) { return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L)); }

// One plane scaled by itself: with samples and alpha apart no colour bleeds out of what is transparent.
Result<Samples> scaled(Samples const& in, int in_width, int in_height, int width, int height) {
  if (in_width == width && in_height == height) return in;
  // The scaler reads and writes a little beyond a row's end.
  auto source = TRY(PicturePool(in_width, in_height, AV_PIX_FMT_GRAY8).take());
  auto target = TRY(PicturePool(width, height, AV_PIX_FMT_GRAY8).take());
  av_image_copy_plane(source->data[0], source->linesize[0], in.data(), in_width, in_width, in_height);
  auto scaler = TRY(Scaler::open(in_width, in_height, AV_PIX_FMT_GRAY8, width, height, AV_PIX_FMT_GRAY8, sharp));
  TRY(scaler.scale(*source, {0, 0, in_width, in_height}, *target, {0, 0, width, height}));
  Samples out(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  av_image_copy_plane(out.data(), width, target->data[0], target->linesize[0], width, height);
  return out;
}
}  // namespace

Result<Stamp> Stamp::make(Rgba const& image, int width, int height, std::string_view matrix) {
  Stamp out;
  out.width_ = (std::max(width, 2) + 1) & ~1;
  out.height_ = (std::max(height, 2) + 1) & ~1;
  auto const weights = luma_weights(matrix);
  auto const count = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  std::array<Samples, 3> samples{Samples(count), Samples(count), Samples(count)};
  Samples alpha(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto const* const pixel = image.pixels.data() + 4 * i;
    auto const yuv = yuv_of(pixel[0], pixel[1], pixel[2], static_cast<float>(pixel[3]) / 255, weights);
    samples[0][i] = rounded(yuv.y);
    samples[1][i] = rounded(yuv.u);
    samples[2][i] = rounded(yuv.v);
    alpha[i] = pixel[3];
  }
  for (std::size_t i = 0; i < 3; ++i) {
    auto& plane = out.planes_[i];
    plane.width = i ? out.width_ / 2 : out.width_;
    plane.height = i ? out.height_ / 2 : out.height_;
    plane.samples = TRY(scaled(samples[i], image.width, image.height, plane.width, plane.height));
    plane.alpha = i == 2 ? out.planes_[1].alpha : TRY(scaled(alpha, image.width, image.height, plane.width, plane.height));
  }
  return out;
}

Result<Frame> Stamp::draw_on(AVFrame const& in, int x, int y, int weight, PicturePool& pool) const {
  auto out = TRY(pool.take());
  copy_looks(in, *out);
  av_image_copy(out->data, out->linesize, const_cast<std::uint8_t const**>(in.data), in.linesize,
                static_cast<AVPixelFormat>(in.format), in.width, in.height);
  int const strength = (weight + 128) >> 8;  // of 256
  constexpr int one = 255 * 256;
  for (int p = 0; p < 3; ++p) {
    auto const& plane = planes_[p];
    int const shift = p ? 1 : 0;
    int const left = (x & ~1) >> shift, top = (y & ~1) >> shift;
    int const columns = p ? (in.width + 1) / 2 : in.width, rows = p ? (in.height + 1) / 2 : in.height;
    int const first = std::max(0, -left), last = std::min(plane.width, columns - left);
    for (int row = std::max(0, -top); row < std::min(plane.height, rows - top); ++row) {
      auto* const to = out->data[p] + static_cast<std::ptrdiff_t>(top + row) * out->linesize[p] + left;
      auto const start = static_cast<std::size_t>(row) * static_cast<std::size_t>(plane.width);
      auto const* const samples = plane.samples.data() + start;
      auto const* const alpha = plane.alpha.data() + start;
      for (int i = first; i < last; ++i) {
        int const mixed = to[i] * (one - alpha[i] * strength) + samples[i] * 255 * strength + one / 2;
        to[i] = static_cast<std::uint8_t>(std::min(mixed / one, 255));
      }
    }
  }
  return out;
}

Place place_in(Box const& box, std::string_view position, int width, int height, int margin) {
  auto const says = [&](std::string_view word) { return position.find(word) != std::string_view::npos; };
  Place place{box.x + (box.width - width) / 2, box.y + (box.height - height) / 2};
  if (says("left")) place.x = box.x + margin;
  if (says("right")) place.x = box.x + box.width - width - margin;
  if (says("top")) place.y = box.y + margin;
  if (says("bottom")) place.y = box.y + box.height - height - margin;
  return place;
}

}  // namespace reelmill::av
