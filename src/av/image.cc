// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/image.h"

#include <cstring>

#include <fmt/format.h>

#include "av/failure.h"
#include "base/text.h"

namespace reelmill::av {

namespace {
constexpr std::int64_t most_pixels = 64'000'000;
using std::string_view_literals::operator""sv;

AVCodecID format_of(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return AV_CODEC_ID_PNG;
  if (bytes.starts_with("\xff\xd8\xff"sv)) return AV_CODEC_ID_MJPEG;
  return AV_CODEC_ID_NONE;
}

void multiply_by_alpha(Rgba& image) {
  for (std::size_t i = 0; i < image.pixels.size(); i += 4) {
    int const alpha = image.pixels[i + 3];
    for (std::size_t c = 0; c < 3; ++c)
      image.pixels[i + c] = static_cast<std::uint8_t>((image.pixels[i + c] * alpha + 127) / 255);
  }
}
}  // namespace

Result<Rgba> decode_image(std::string const& bytes, std::string_view name) {
  auto const doing = fmt::format("reading the image {}", printable(name));
  auto const id = format_of(bytes);
  if (id == AV_CODEC_ID_NONE)
    return Error{.kind = ErrorKind::media, .what = doing + ": it is neither PNG nor JPEG, convert it to one of them"};
  auto const* const kind = avcodec_find_decoder(id);
  Codec decoder(kind ? avcodec_alloc_context3(kind) : nullptr);
  if (!decoder) return Error{.kind = ErrorKind::missing, .what = doing + ": this build has no decoder for it"};
  decoder->thread_count = 1;
  decoder->max_pixels = most_pixels;
  decoder->err_recognition = AV_EF_EXPLODE | AV_EF_CRCCHECK;
  auto packet = make_packet();
  auto frame = make_frame();
  int code = avcodec_open2(decoder.get(), kind, nullptr);
  if (code >= 0) code = av_new_packet(packet.get(), static_cast<int>(bytes.size()));
  if (code < 0) return failure(code, doing);
  std::memcpy(packet->data, bytes.data(), bytes.size());
  code = avcodec_send_packet(decoder.get(), packet.get());
  if (code >= 0) code = avcodec_send_packet(decoder.get(), nullptr);
  if (code >= 0) code = avcodec_receive_frame(decoder.get(), frame.get());
  if (code < 0 || frame->width <= 0 || frame->height <= 0 || frame->decode_error_flags)
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("{}: it is damaged, or larger than {} million pixels; save it again", doing,
                                     most_pixels / 1'000'000)};

  Box const whole{0, 0, frame->width, frame->height};
  auto scaler =
      TRY(Scaler::open(frame->width, frame->height, static_cast<AVPixelFormat>(frame->format), frame->width, frame->height,
                       AV_PIX_FMT_RGBA, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT, {true, true}));
  auto rgba = TRY(PicturePool(frame->width, frame->height, AV_PIX_FMT_RGBA).take());
  TRY(scaler.scale(*frame, whole, *rgba, whole));
  Rgba out{frame->width, frame->height, {}};
  auto const row = static_cast<std::size_t>(out.width) * 4;
  out.pixels.resize(row * static_cast<std::size_t>(out.height));
  for (int y = 0; y < out.height; ++y)
    std::memcpy(out.pixels.data() + row * static_cast<std::size_t>(y),
                rgba->data[0] + static_cast<std::ptrdiff_t>(y) * rgba->linesize[0], row);
  multiply_by_alpha(out);
  return out;
}

}  // namespace reelmill::av
