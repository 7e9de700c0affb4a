// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/decoder.h"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>
#include <xxhash.h>

#include "av/allowed.h"
#include "av/failure.h"
#include "graph/media_limits.h"

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/pixdesc.h>
}

namespace reelmill::av {

Result<Decoder> Decoder::open(AVCodecParameters const& parameters, AVRational packet_time_base, std::string name,
                              DecoderOptions options) {
  auto const* codec = TRY(find_decoder(parameters, name));
  Codec context(avcodec_alloc_context3(codec));
  if (int const code = avcodec_parameters_to_context(context.get(), &parameters); code < 0)
    return failure(code, fmt::format("preparing the decoder of {}", name), ErrorKind::media);
  context->pkt_timebase = packet_time_base;
  context->thread_count = 1;
  context->max_pixels = most::pixels;
  if (options.strict) context->err_recognition = AV_EF_EXPLODE | AV_EF_BITSTREAM;
  if (options.counts_only) context->skip_loop_filter = context->skip_idct = AVDISCARD_ALL;
  if (int const code = avcodec_open2(context.get(), codec, nullptr); code < 0)
    return failure(code, fmt::format("opening the decoder of {}", name), ErrorKind::media);
  return Decoder(std::move(context), std::move(name), options.strict);
}

Result<void> Decoder::send(AVPacket const* packet) {
  int const code = avcodec_send_packet(context_.get(), packet);
  if (code >= 0 || code == AVERROR_EOF) return {};
  if (code == AVERROR(ENOMEM) || strict_) return failure(code, fmt::format("decoding {}", name_), ErrorKind::media);
  ++errors_;
  return {};
}

Result<Pull> Decoder::receive() {
  while (true) {
    int const code = avcodec_receive_frame(context_.get(), frame_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return Pull::end;
    if (code >= 0) {
      if (frame_->decode_error_flags != 0 || (frame_->flags & AV_FRAME_FLAG_CORRUPT)) {
        if (strict_) return Error{.kind = ErrorKind::media, .what = fmt::format("decoding {}: a frame is damaged", name_)};
        ++errors_;
      }
      complete_time();
      return Pull::item;
    }
    if (code == AVERROR(ENOMEM) || strict_) return failure(code, fmt::format("decoding {}", name_), ErrorKind::media);
    ++errors_;
  }
}

void Decoder::flush() {
  avcodec_flush_buffers(context_.get());
  last_shown_ = AV_NOPTS_VALUE;
  step_ = 0;
}

// The last frames of a file that has decoding times only come without a time; they follow at the distance of those before.
void Decoder::complete_time() {
  auto& shown = frame_->best_effort_timestamp;
  bool const follows = last_shown_ != AV_NOPTS_VALUE;
  if (shown == AV_NOPTS_VALUE && follows && step_ > 0) shown = last_shown_ + step_;
  if (shown == AV_NOPTS_VALUE) return;
  if (follows) step_ = shown - last_shown_;
  last_shown_ = shown;
}

int peak_light(AVFrame const& frame) {
  if (auto const* light = av_frame_get_side_data(&frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL)) {
    auto const& level = *reinterpret_cast<AVContentLightMetadata const*>(light->data);
    if (level.MaxCLL > 0) return static_cast<int>(std::min(level.MaxCLL, 10000u));
  }
  if (auto const* light = av_frame_get_side_data(&frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA)) {
    auto const& display = *reinterpret_cast<AVMasteringDisplayMetadata const*>(light->data);
    if (display.has_luminance && display.max_luminance.den > 0)
      return static_cast<int>(std::clamp(av_q2d(display.max_luminance), 0.0, 10000.0));
  }
  return 0;
}

std::uint64_t checksum(AVFrame const& frame) {
  auto const format = static_cast<AVPixelFormat>(frame.format);
  auto const* description = av_pix_fmt_desc_get(format);
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> const state(XXH3_createState(), XXH3_freeState);
  XXH3_64bits_reset(state.get());
  for (int plane = 0; plane < av_pix_fmt_count_planes(format); ++plane) {
    int const bytes = av_image_get_linesize(format, frame.width, plane);
    int const rows = plane == 1 || plane == 2 ? AV_CEIL_RSHIFT(frame.height, description->log2_chroma_h) : frame.height;
    for (int y = 0; y < rows; ++y)
      XXH3_64bits_update(state.get(), frame.data[plane] + static_cast<std::ptrdiff_t>(y) * frame.linesize[plane],
                         static_cast<std::size_t>(bytes));
  }
  std::array<std::int32_t, 2> const size{frame.width, frame.height};
  XXH3_64bits_update(state.get(), size.data(), sizeof size);
  if (frame.interlaced_frame) {
    std::uint8_t const fields = frame.top_field_first ? 2 : 1;
    XXH3_64bits_update(state.get(), &fields, 1);
  }
  return XXH3_64bits_digest(state.get());
}

}  // namespace reelmill::av
