// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/video_encoder.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "av/failure.h"
#include "graph/gop.h"

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace reelmill::av {

namespace {
constexpr std::uint8_t sei_nal = 6;

// Size of the start code at p, or 0.
std::size_t start_code(std::uint8_t const* p, std::uint8_t const* end) {
  if (end - p >= 4 && p[0] == 0 && p[1] == 0 && p[2] == 0 && p[3] == 1) return 4;
  if (end - p >= 3 && p[0] == 0 && p[1] == 0 && p[2] == 1) return 3;
  return 0;
}

// Length of the SEI units an Annex B packet begins with.
std::size_t leading_sei(AVPacket const& packet) {
  auto const* const begin = packet.data;
  auto const* const end = begin + packet.size;
  auto const* p = begin;
  while (std::size_t const code = start_code(p, end)) {
    if (static_cast<std::size_t>(end - p) <= code || (p[code] & 0x1f) != sei_nal) break;
    p += code;
    while (p < end && start_code(p, end) == 0) ++p;
  }
  return static_cast<std::size_t>(p - begin);
}

// Length of the temporal delimiter an AV1 packet begins with: a header with a size field, and no payload.
std::size_t temporal_delimiter(AVPacket const& packet) {
  return packet.size >= 2 && packet.data[0] == 0x12 && packet.data[1] == 0 ? 2 : 0;
}

// prores_ks says its profile by the tag only.
int prores_profile(std::uint32_t tag) {
  constexpr std::array<std::uint32_t, 4> tags{MKTAG('a', 'p', 'c', 'o'), MKTAG('a', 'p', 'c', 's'), MKTAG('a', 'p', 'c', 'n'),
                                              MKTAG('a', 'p', 'c', 'h')};
  auto const found = std::find(tags.begin(), tags.end(), tag);
  return found == tags.end() ? FF_PROFILE_UNKNOWN : FF_PROFILE_PRORES_PROXY + static_cast<int>(found - tags.begin());
}

void drop_head(AVPacket& packet, std::size_t size) {
  packet.data += size;
  packet.size -= static_cast<int>(size);
}

// yuvj420p is yuv420p with its range told by the name.
bool needs_conversion(AVFrame const& picture, AVCodecContext const& context) {
  return picture.format != context.pix_fmt && !(picture.format == AV_PIX_FMT_YUVJ420P && context.pix_fmt == AV_PIX_FMT_YUV420P);
}
}  // namespace

Result<VideoEncoder> VideoEncoder::open(EncodeNode const& node, RateControl const& control, std::int64_t frames) {
  auto const name = fmt::format("{} {}x{} {}", node.codec, node.width, node.height, node.preset);
  auto const* const row = video_codec_named(node.codec);
  auto const* codec = row ? avcodec_find_encoder_by_name(std::string(row->encoder).c_str()) : nullptr;
  if (!codec)
    return Error{.kind = ErrorKind::missing,
                 .what = fmt::format("encoding {}: this build of FFmpeg has no encoder {}; install one that has, or choose "
                                     "another codec",
                                     name, row ? row->encoder : node.codec)};
  Codec context(avcodec_alloc_context3(codec));
  context->width = node.width;
  context->height = node.height;
  context->pix_fmt = av_get_pix_fmt(node.pixel_format.c_str());
  context->sample_aspect_ratio = {1, 1};
  context->field_order = AV_FIELD_PROGRESSIVE;
  context->time_base = {static_cast<int>(node.rate.den), static_cast<int>(node.rate.num)};
  context->framerate = {static_cast<int>(node.rate.num), static_cast<int>(node.rate.den)};
  context->thread_count = 1;
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP;
  auto const colour = [](int value, int unspecified) { return value < 0 ? unspecified : value; };
  context->color_primaries =
      static_cast<AVColorPrimaries>(colour(av_color_primaries_from_name(node.primaries.c_str()), AVCOL_PRI_UNSPECIFIED));
  context->color_trc = static_cast<AVColorTransferCharacteristic>(
      colour(av_color_transfer_from_name(node.transfer.c_str()), AVCOL_TRC_UNSPECIFIED));
  context->colorspace = static_cast<AVColorSpace>(colour(av_color_space_from_name(node.matrix.c_str()), AVCOL_SPC_UNSPECIFIED));
  context->color_range = static_cast<AVColorRange>(colour(av_color_range_from_name(node.range.c_str()), AVCOL_RANGE_UNSPECIFIED));

  Options options;
  auto starts = gop_starts(frames, node.rate);
  auto const gops = static_cast<std::int64_t>(starts.size());
  settle(*row, node, control, (frames + gops - 1) / gops, *context, options);
  if (int const code = avcodec_open2(context.get(), codec, options.get()); code < 0)
    return failure(code, fmt::format("opening the encoder {}", name));
  if (auto const* unused = options.first_unused())
    return Error{.kind = ErrorKind::bug, .what = fmt::format("the encoder {} has no option '{}'", name, unused)};
  if (row->intra_only) starts.clear();
  return VideoEncoder(std::move(context), std::move(starts), node.reorder, name);
}

// The encoder's own pixel format, where it is not what pictures come in.
Result<void> VideoEncoder::convert(AVFrame const& picture) {
  auto const from = static_cast<AVPixelFormat>(picture.format);
  if (!scaler_) {
    pool_ = PicturePool(context_->width, context_->height, context_->pix_fmt);
    scaler_ = TRY(Scaler::open(context_->width, context_->height, from, context_->width, context_->height, context_->pix_fmt,
                               SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT));
  }
  Box const whole{0, 0, context_->width, context_->height};
  auto converted = TRY(pool_.take());
  TRY(scaler_->scale(picture, whole, *converted, whole));
  picture_ = std::move(converted);
  return {};
}

Result<void> VideoEncoder::send(AVFrame const* picture) {
  AVFrame* frame = nullptr;
  if (picture) {
    if (needs_conversion(*picture, *context_)) {
      TRY(convert(*picture));
    } else {
      av_frame_unref(picture_.get());
      if (int const code = av_frame_ref(picture_.get(), picture); code < 0)
        return failure(code, "passing a picture to an encoder");
    }
    frame = picture_.get();
    bool const begins_gop = next_start_ < starts_.size() && starts_[next_start_] == sent_;
    if (begins_gop) ++next_start_;
    frame->pict_type = begins_gop ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    frame->pts = sent_++;
    // The stage file's colours count, not what a source frame carries along.
    frame->color_primaries = context_->color_primaries;
    frame->color_trc = context_->color_trc;
    frame->colorspace = context_->colorspace;
    frame->color_range = context_->color_range;
  }
  if (int const code = avcodec_send_frame(context_.get(), frame); code < 0)
    return failure(code, fmt::format("encoding {}", name_));
  return {};
}

Result<Pull> VideoEncoder::receive() {
  int const code = avcodec_receive_packet(context_.get(), packet_.get());
  if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return Pull::end;
  if (code < 0) return failure(code, fmt::format("encoding {}", name_));
  if (received_ == 0 && context_->codec_id == AV_CODEC_ID_H264) {
    auto const size = leading_sei(*packet_);
    note_.assign(packet_->data, packet_->data + size);
    drop_head(*packet_, size);
  }
  // Containers leave it out, and what they hold must be what was verified.
  if (context_->codec_id == AV_CODEC_ID_AV1) drop_head(*packet_, temporal_delimiter(*packet_));
  packet_->dts = received_++ - reorder_;
  if (packet_->pts < packet_->dts)
    return Error{.kind = ErrorKind::bug,
                 .what = fmt::format("encoding {}: frames are reordered by more than {}", name_, reorder_)};
  return Pull::item;
}

Result<Parameters> VideoEncoder::parameters() const {
  Parameters out(avcodec_parameters_alloc());
  if (int const code = avcodec_parameters_from_context(out.get(), context_.get()); code < 0)
    return failure(code, fmt::format("describing the encode {}", name_));
  out->video_delay = reorder_;
  if (out->codec_id == AV_CODEC_ID_PRORES) out->profile = prores_profile(out->codec_tag);
  return out;
}

}  // namespace reelmill::av
