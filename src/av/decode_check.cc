// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/decode_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "av/access.h"
#include "av/allowed.h"
#include "av/failure.h"
#include "graph/media_limits.h"

namespace reelmill::av {

namespace {
constexpr std::size_t most_times = 16'000'000;

// Codecs of which every packet is one picture.
bool gives_a_picture_a_packet(AVCodecID codec) {
  switch (codec) {
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
    case AV_CODEC_ID_VP9:
    case AV_CODEC_ID_AV1:
    case AV_CODEC_ID_MPEG2VIDEO:
    case AV_CODEC_ID_MJPEG:
    case AV_CODEC_ID_PRORES:
    case AV_CODEC_ID_DNXHD:
    case AV_CODEC_ID_FFV1:
    case AV_CODEC_ID_RAWVIDEO:
      return true;
    default:
      return false;
  }
}
}  // namespace

Result<DecodeCheck> DecodeCheck::open(AVStream const& stream, int threads, LogTap& log) {
  auto const* codec = decoder_for(stream.codecpar->codec_id);
  auto const doing = fmt::format("preparing the decoder of stream {}", stream.index);
  if (!codec) return Error{.kind = ErrorKind::missing, .what = doing + ": there is none"};
  Codec context(avcodec_alloc_context3(codec));
  if (int const code = avcodec_parameters_to_context(context.get(), stream.codecpar); code < 0)
    return failure(code, doing, ErrorKind::media);
  context->pkt_timebase = stream.time_base;
  context->thread_count = threads;
  context->max_pixels = most::pixels;
  context->err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_EXPLODE;
  if (int const code = avcodec_open2(context.get(), codec, nullptr); code < 0) return failure(code, doing, ErrorKind::media);
  return DecodeCheck(std::move(context), stream, log);
}

// A film that was cut out of another may begin with pictures that refer to what is gone; they are nobody's fault.
void DecodeCheck::complain(std::int64_t time) {
  auto said = log_->take();
  if (!begins_whole_ && !has_begun_) return;
  if (decoded_.errors++ > 0) return;
  decoded_.said = std::move(said);
  if (time == AV_NOPTS_VALUE) time = last_time_;
  if (time != AV_NOPTS_VALUE)
    decoded_.first_error = static_cast<double>(time) * stream_->time_base.num / std::max(1, stream_->time_base.den);
}

Result<void> DecodeCheck::feed(AVPacket const* packet) {
  if (packet) {
    // A key frame that needs nothing before it: what fails from here on is damage.
    if (!begins_whole_ && access_of(*packet, *stream_->codecpar) == Access::closed) begins_whole_ = true;
    if (context_->codec_type == AVMEDIA_TYPE_AUDIO) begins_whole_ = true;
    sent_time_ = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
  }
  (void)log_->take();
  int const code = avcodec_send_packet(context_.get(), packet);
  if (code == AVERROR(ENOMEM)) return failure(code, "decoding", ErrorKind::full);
  if (code < 0 && code != AVERROR_EOF && code != AVERROR(EAGAIN)) complain(sent_time_);
  return receive();
}

Result<void> DecodeCheck::receive() {
  while (true) {
    int const code = avcodec_receive_frame(context_.get(), frame_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    if (code == AVERROR(ENOMEM)) return failure(code, "decoding", ErrorKind::full);
    if (code < 0) {
      complain(sent_time_);
      continue;
    }
    see(*frame_);
  }
}

void DecodeCheck::see(AVFrame const& frame) {
  has_begun_ = true;
  bool const is_picture = context_->codec_type == AVMEDIA_TYPE_VIDEO;
  if (frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT)) complain(frame.best_effort_timestamp);
  last_time_ = frame.best_effort_timestamp;
  decoded_.units += is_picture ? 1 : frame.nb_samples;
  if (!is_picture) {
    bool const is_other = rate_ > 0 && (frame.sample_rate != rate_ || frame.ch_layout.nb_channels != channels_);
    if (is_other) ++changes_;
    rate_ = frame.sample_rate;
    channels_ = frame.ch_layout.nb_channels;
    return;
  }
  if (frame.interlaced_frame) ++interlaced_;
  if (width_ > 0 && (frame.width != width_ || frame.height != height_ || frame.format != format_)) ++changes_;
  width_ = frame.width;
  height_ = frame.height;
  format_ = frame.format;
  if (times_.size() < most_times && frame.pts != AV_NOPTS_VALUE) times_.push_back(frame.pts);
  fields_.see(frame);
}

void DecodeCheck::tell(PictureProbe& picture, std::vector<std::int64_t> const& shown) const {
  picture.decoded = decoded_;
  picture.fields = fields_.counted();
  picture.frames_tagged_interlaced = interlaced_;
  picture.parameter_changes = std::max(picture.parameter_changes, changes_);
  // Two fields may come in two packets, and pictures before the first whole one are not shown.
  if (shown.empty() || times_.empty() || interlaced_ > 0 || !gives_a_picture_a_packet(context_->codec_id)) return;
  auto came = times_;
  std::sort(came.begin(), came.end());
  bool is_first = true;
  for (auto const time : shown) {
    if (time < came.front() && !begins_whole_) continue;
    if (std::binary_search(came.begin(), came.end(), time)) continue;
    ++picture.decoded.missing;
    if (std::exchange(is_first, false) && picture.decoded.first_error < 0)
      picture.decoded.first_error = static_cast<double>(time) * stream_->time_base.num / std::max(1, stream_->time_base.den);
  }
}

void DecodeCheck::tell(SoundProbe& sound) const {
  sound.decoded = decoded_;
  sound.parameter_changes = std::max(sound.parameter_changes, changes_);
}

}  // namespace reelmill::av
