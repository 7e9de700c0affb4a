// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/video_source.h"

#include <algorithm>

#include <fmt/format.h>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace reelmill::av {

namespace {
// Chroma of a subsampled or full-range picture needs a scale even where the size stays.
bool is_working_format(AVFrame const& frame) {
  return frame.format == AV_PIX_FMT_YUV420P && frame.color_range != AVCOL_RANGE_JPEG;
}

bool is_full_range(AVFrame const& frame) {
  auto const* description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  bool const is_rgb = description && (description->flags & AV_PIX_FMT_FLAG_RGB);
  bool const is_yuvj =
      frame.format == AV_PIX_FMT_YUVJ420P || frame.format == AV_PIX_FMT_YUVJ422P || frame.format == AV_PIX_FMT_YUVJ444P;
  return is_rgb || is_yuvj || frame.color_range == AVCOL_RANGE_JPEG;
}
}  // namespace

Result<VideoSource> VideoSource::open(std::string const& path, int stream) {
  auto demuxer = TRY(Demuxer::open(path));
  if (stream < 0 || stream >= static_cast<int>(demuxer.context().nb_streams))
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("reading {}: it has no stream {}; has it changed?", demuxer.name(), stream)};
  demuxer.keep_only(stream);
  auto const& parameters = *demuxer.stream(stream).codecpar;
  auto decoder = TRY(Decoder::open(parameters, demuxer.stream(stream).time_base, demuxer.name()));
  return VideoSource(std::move(demuxer), std::move(decoder), stream);
}

Result<void> VideoSource::begin(VideoChunk const& chunk) {
  chunk_ = &chunk;
  at_ = 0;
  // Chunks inside one long GOP share a seek point; going on from where the last one ended decodes the same frames.
  bool const goes_on = begun_at_ && begun_at_->hash == chunk.seek.hash && begun_at_->dts == chunk.seek.dts &&
                       begun_at_->pts == chunk.seek.pts && last_pts_ < chunk.pts.front();
  if (goes_on) return {};
  ready_.clear();
  decoder_.flush();
  ended_ = false;
  TRY(demuxer_.seek(stream_, chunk.seek));
  begun_at_ = chunk.seek;
  return {};
}

Result<Frame> VideoSource::decoded() {
  while (ready_.empty() && !ended_) {
    ended_ = TRY(demuxer_.read(*packet_))
    == Pull::end;
    TRY(decoder_.decode(ended_ ? nullptr : packet_.get(), [&](AVFrame& frame) -> Result<void> {
      auto mine = make_frame();
      av_frame_move_ref(mine.get(), &frame);
      ready_.push_back(std::move(mine));
      return {};
    }));
  }
  if (ready_.empty()) return Frame();
  auto frame = std::move(ready_.front());
  ready_.erase(ready_.begin());
  return frame;
}

Result<Frame> VideoSource::next() {
  auto const changed = [&](std::int64_t pts) {
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("decoding {}: the frame at {} is not what the analysis saw; has the file changed?",
                                     demuxer_.name(), pts)};
  };
  auto const wanted = chunk_->pts.at(at_);
  while (true) {
    auto frame = TRY(decoded());
    if (!frame) return changed(wanted);
    auto const pts = frame->best_effort_timestamp;
    if (pts < wanted) continue;
    if (pts != wanted) return changed(wanted);
    bool const is_first = at_ == 0, is_last = at_ + 1 == chunk_->pts.size();
    if (is_first || is_last) {
      auto const seen = checksum(*frame);
      if ((is_first && seen != chunk_->first_checksum) || (is_last && seen != chunk_->last_checksum)) return changed(wanted);
    }
    ++at_;
    last_pts_ = pts;
    return in_working_format(std::move(frame));
  }
}

Result<Frame> VideoSource::in_working_format(Frame frame) {
  if (is_working_format(*frame)) return frame;
  auto const format = static_cast<AVPixelFormat>(frame->format);
  if (!convert_ || pool_.width() != frame->width || pool_.height() != frame->height) {
    convert_ = TRY(Scaler::open(frame->width, frame->height, format, frame->width, frame->height, AV_PIX_FMT_YUV420P,
                                SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT));
    convert_->set_range(is_full_range(*frame), false, frame->colorspace == AVCOL_SPC_BT709 ? SWS_CS_ITU709 : SWS_CS_DEFAULT);
    pool_ = PicturePool(frame->width, frame->height, AV_PIX_FMT_YUV420P);
  }
  auto out = TRY(pool_.take());
  Box const whole{0, 0, frame->width, frame->height};
  TRY(convert_->scale(*frame, whole, *out, whole));
  out->sample_aspect_ratio = frame->sample_aspect_ratio;
  out->color_range = AVCOL_RANGE_MPEG;
  out->colorspace = frame->colorspace;
  return out;
}

}  // namespace reelmill::av
