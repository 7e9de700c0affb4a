// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/fitter.h"

#include <algorithm>
#include <array>
#include <vector>

#include "av/failure.h"

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace reelmill::av {

namespace {
constexpr int sharp = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT;
constexpr int soft = SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT;
constexpr int background_factor = 8;  // the blurred copy is made this many times smaller
constexpr int blur_radius = 3;        // in that small picture, three passes

int even(double value) { return std::max(2, static_cast<int>((value + 1) / 2) * 2); }

std::array<std::uint8_t*, 4> at(AVFrame const& frame, Box const& box) {
  auto const* description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  std::array<std::uint8_t*, 4> out{};
  for (std::size_t plane = 0; plane < 4 && frame.data[plane]; ++plane) {
    bool const chroma = plane == 1 || plane == 2;
    int const x = chroma ? box.x >> description->log2_chroma_w : box.x, y = chroma ? box.y >> description->log2_chroma_h : box.y;
    int const step = description->comp[std::min<std::size_t>(plane, description->nb_components - 1u)].step;
    out[plane] = frame.data[plane] + static_cast<std::ptrdiff_t>(y) * frame.linesize[plane] + x * step;
  }
  return out;
}

void box_blur_line(std::uint8_t* line, std::ptrdiff_t step, int count, std::vector<std::uint8_t>& copy) {
  copy.resize(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) copy[static_cast<std::size_t>(i)] = line[i * step];
  auto const sample = [&](int i) { return int{copy[static_cast<std::size_t>(std::clamp(i, 0, count - 1))]}; };
  int sum = 0;
  for (int i = -blur_radius; i <= blur_radius; ++i) sum += sample(i);
  constexpr int width = 2 * blur_radius + 1;
  for (int i = 0; i < count; ++i) {
    line[i * step] = static_cast<std::uint8_t>((sum + width / 2) / width);
    sum += sample(i + blur_radius + 1) - sample(i - blur_radius);
  }
}

void blur(AVFrame& frame) {
  std::vector<std::uint8_t> copy;
  for (int plane = 0; plane < 3; ++plane) {
    int const width = plane ? (frame.width + 1) / 2 : frame.width, height = plane ? (frame.height + 1) / 2 : frame.height;
    auto* const data = frame.data[plane];
    std::ptrdiff_t const stride = frame.linesize[plane];
    for (int pass = 0; pass < 3; ++pass) {
      for (int y = 0; y < height; ++y) box_blur_line(data + y * stride, 1, width, copy);
      for (int x = 0; x < width; ++x) box_blur_line(data + x, stride, height, copy);
    }
  }
}

double display_width(int width, AVRational sample_aspect) {
  return sample_aspect.num > 0 && sample_aspect.den > 0 ? width * av_q2d(sample_aspect) : width;
}
}  // namespace

Box inside_box(int width, int height, AVRational sample_aspect, int target_width, int target_height) {
  double const shown = display_width(width, sample_aspect);
  double const ratio = std::min(target_width / shown, target_height / static_cast<double>(height));
  Box box;
  box.width = std::min(target_width, even(shown * ratio - 0.001));
  box.height = std::min(target_height, even(height * ratio - 0.001));
  box.x = (target_width - box.width) / 2 & ~1;
  box.y = (target_height - box.height) / 2 & ~1;
  return box;
}

Box cover_box(int width, int height, AVRational sample_aspect, int target_width, int target_height) {
  double const shown = display_width(width, sample_aspect);
  double const ratio = std::max(target_width / shown, target_height / static_cast<double>(height));
  Box box;
  box.width = std::min(width, even(target_width / ratio * width / shown - 0.001));
  box.height = std::min(height, even(target_height / ratio - 0.001));
  box.x = (width - box.width) / 2 & ~1;
  box.y = (height - box.height) / 2 & ~1;
  return box;
}

Result<Scaler> Scaler::open(int in_width, int in_height, AVPixelFormat in_format, int out_width, int out_height,
                            AVPixelFormat out_format, int flags, Ranges ranges) {
  Scaler out;
  out.context_.reset(sws_alloc_context());
  auto const set = [&](char const* name, std::int64_t value) { av_opt_set_int(out.context_.get(), name, value, 0); };
  set("srcw", in_width), set("srch", in_height), set("src_format", in_format), set("src_range", ranges.in_full);
  set("dstw", out_width), set("dsth", out_height), set("dst_format", out_format), set("dst_range", ranges.out_full);
  set("sws_flags", flags);
  if (sws_init_context(out.context_.get(), nullptr, nullptr) < 0)
    return Error{.kind = ErrorKind::failed, .what = "setting up scaling: the sizes or the pixel format are not supported"};
  return out;
}

Result<void> Scaler::scale(AVFrame const& in, Box const& from, AVFrame& out, Box const& to) {
  auto const source = at(in, from);
  auto const target = at(out, to);
  int const rows = sws_scale(context_.get(), source.data(), in.linesize, 0, from.height, target.data(), out.linesize);
  if (rows != to.height) return failure(rows < 0 ? rows : AVERROR_EXTERNAL, "scaling a picture");
  return {};
}

Result<Fitter> Fitter::open(std::string const& fit, AVFrame const& example, int width, int height) {
  Fitter out;
  auto const format = static_cast<AVPixelFormat>(example.format);
  Box const whole_in{0, 0, example.width, example.height}, whole_out{0, 0, width, height};
  out.from_ = fit == "crop" ? cover_box(example.width, example.height, example.sample_aspect_ratio, width, height) : whole_in;
  bool const keeps_all = fit == "pad" || fit == "blur";
  out.to_ = keeps_all ? inside_box(example.width, example.height, example.sample_aspect_ratio, width, height) : whole_out;
  out.identity_ = out.from_ == whole_in && out.to_ == whole_out && whole_in == whole_out;
  if (out.identity_) return out;
  out.scaler_ = TRY(Scaler::open(out.from_.width, out.from_.height, format, out.to_.width, out.to_.height, format, sharp));
  out.blur_ = fit == "blur" && !(out.to_ == whole_out);
  out.pool_ = PicturePool(width, height, format, true);
  // libswscale may write some samples more than a row has: what they fall on must be a row's padding, not the bar beside it.
  if (out.to_.width < width) out.narrow_ = TRY(PicturePool(out.to_.width, out.to_.height, format).take());
  if (out.blur_) {
    out.background_from_ = cover_box(example.width, example.height, example.sample_aspect_ratio, width, height);
    int const small_width = even(width / double{background_factor}), small_height = even(height / double{background_factor});
    out.small_ = TRY(PicturePool(small_width, small_height, format).take());
    out.shrink_ = TRY(
        Scaler::open(out.background_from_.width, out.background_from_.height, format, small_width, small_height, format, soft));
    out.grow_ = TRY(Scaler::open(small_width, small_height, format, width, height, format, soft));
  }
  return out;
}

Result<void> Fitter::paint_background(AVFrame const& in, AVFrame& out) {
  Box const small{0, 0, small_->width, small_->height};
  TRY(shrink_.scale(in, background_from_, *small_, small));
  blur(*small_);
  return grow_.scale(*small_, small, out, {0, 0, out.width, out.height});
}

Result<Frame> Fitter::apply(AVFrame const& in) {
  if (identity_) return share(in);
  auto out = TRY(pool_.take());
  if (blur_) TRY(paint_background(in, *out));
  if (!narrow_) {
    TRY(scaler_.scale(in, from_, *out, to_));
    return out;
  }
  TRY(scaler_.scale(in, from_, *narrow_, {0, 0, to_.width, to_.height}));
  auto target = at(*out, to_);
  std::array<std::uint8_t const*, 4> const source{narrow_->data[0], narrow_->data[1], narrow_->data[2], narrow_->data[3]};
  auto const format = static_cast<AVPixelFormat>(out->format);
  av_image_copy(target.data(), out->linesize, const_cast<std::uint8_t const**>(source.data()), narrow_->linesize, format,
                to_.width, to_.height);
  return out;
}

}  // namespace reelmill::av
