// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/video_source.h"

#include <fmt/format.h>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace reelmill::av {

namespace {
constexpr int exact = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;

bool is_full_range(AVFrame const& frame) {
  auto const* description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  bool const is_rgb = description && (description->flags & AV_PIX_FMT_FLAG_RGB);
  bool const is_grey = description && description->nb_components <= 2 && frame.color_range == AVCOL_RANGE_UNSPECIFIED;
  bool const is_yuvj = frame.format == AV_PIX_FMT_YUVJ420P || frame.format == AV_PIX_FMT_YUVJ422P ||
                       frame.format == AV_PIX_FMT_YUVJ444P || frame.format == AV_PIX_FMT_YUVJ440P ||
                       frame.format == AV_PIX_FMT_YUVJ411P;
  return is_rgb || is_grey || is_yuvj || frame.color_range == AVCOL_RANGE_JPEG;
}

// An odd last column or row has no chroma of its own in 4:2:0.
void cut_to(AVFrame& frame, int width, int height) {
  if (width > 0 && frame.width == width + 1) frame.width = width;
  if (height > 0 && frame.height == height + 1) frame.height = height;
}
}  // namespace

VideoSource::VideoSource(VideoStage const& stage, Demuxer demuxer, Decoder decoder)
    : stage_(&stage), demuxer_(std::move(demuxer)), decoder_(std::move(decoder)), packet_(make_packet()) {
  auto& stream = demuxer_.stream(stage.stream);
  aspect_ = av_guess_sample_aspect_ratio(&demuxer_.context(), &stream, nullptr);
  for (auto const& filter : stage.prefilters) margins_ += static_cast<std::size_t>(filter.before + filter.after);
}

Result<VideoSource> VideoSource::open(VideoStage const& stage) {
  auto demuxer = TRY(Demuxer::open(stage.source));
  if (stage.stream < 0 || stage.stream >= static_cast<int>(demuxer.context().nb_streams))
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("reading {}: it has no stream {}; has it changed?", demuxer.name(), stage.stream)};
  demuxer.keep_only(stage.stream);
  auto const& stream = demuxer.stream(stage.stream);
  auto decoder = TRY(Decoder::open(*stream.codecpar, stream.time_base, demuxer.name()));
  return VideoSource(stage, std::move(demuxer), std::move(decoder));
}

Result<void> VideoSource::begin(VideoChunk const& chunk) {
  chunk_ = &chunk;
  read_ = given_ = 0;
  chain_.reset();
  flushed_ = false;
  // Chunks inside one long GOP share a seek point; going on from where the last one ended decodes the same frames.
  bool const same_point =
      begun_at_ && begun_at_->hash == chunk.seek.hash && begun_at_->dts == chunk.seek.dts && begun_at_->pts == chunk.seek.pts;
  if (same_point && last_pts_ < chunk.pts.front()) return {};
  if (same_point && !past_.empty() && past_.front()->best_effort_timestamp <= chunk.pts.front()) {
    for (; !past_.empty() && past_.back()->best_effort_timestamp >= chunk.pts.front(); past_.pop_back())
      ready_.push_front(std::move(past_.back()));
    return {};
  }
  ready_.clear();
  past_.clear();
  decoder_.flush();
  ended_ = false;
  TRY(demuxer_.seek(stage_->stream, chunk.seek));
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
  ready_.pop_front();
  return frame;
}

Result<Frame> VideoSource::expected() {
  auto const changed = [&](std::int64_t pts) {
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("decoding {}: the frame at {} is not what the analysis saw; has the file changed?",
                                     demuxer_.name(), pts)};
  };
  auto const wanted = chunk_->pts.at(read_);
  while (true) {
    auto frame = TRY(decoded());
    if (!frame) return changed(wanted);
    auto const pts = frame->best_effort_timestamp;
    if (pts < wanted) continue;
    if (pts != wanted) return changed(wanted);
    bool const is_first = read_ == 0, is_last = read_ + 1 == chunk_->pts.size();
    if (is_first || is_last) {
      auto const seen = checksum(*frame);
      if ((is_first && seen != chunk_->first_checksum) || (is_last && seen != chunk_->last_checksum)) return changed(wanted);
    }
    ++read_;
    last_pts_ = pts;
    if (margins_ > 0) past_.push_back(share(*frame));
    if (past_.size() > margins_) past_.pop_front();
    return frame;
  }
}

Result<Frame> VideoSource::prefiltered() {
  if (stage_->prefilters.empty()) return expected();
  while (true) {
    if (chain_)
      if (auto out = TRY(chain_->pull())) return out;
    if (read_ == chunk_->pts.size()) {
      if (flushed_) return Error{.kind = ErrorKind::bug, .what = "the filters of the source give fewer pictures than they get"};
      TRY(chain_->push(nullptr));
      flushed_ = true;
      continue;
    }
    auto frame = TRY(expected());
    cut_to(*frame, stage_->width, stage_->height);
    if (!chain_) {
      auto const format = static_cast<AVPixelFormat>(frame->format);
      chain_format_ = sws_isSupportedOutput(format) ? format : AV_PIX_FMT_YUV444P;
    }
    frame = TRY(converted(std::move(frame), chain_format_));
    if (!chain_) chain_ = TRY(PrefilterChain::open(stage_->prefilters, *frame));
    TRY(chain_->push(frame.get()));
  }
}

Result<Frame> VideoSource::next() {
  while (true) {
    auto frame = TRY(prefiltered());
    auto const at = given_++;
    if (at < chunk_->first_shown()) continue;
    if (at + 1 == chunk_->end_shown())
      while (read_ < chunk_->pts.size()) TRY(expected());  // proves the chunk's last frame too
    return in_working_format(std::move(frame));
  }
}

Result<Frame> VideoSource::converted(Frame frame, AVPixelFormat format) {
  bool const to_nodes = format == AV_PIX_FMT_YUV420P;
  int const width = stage_->width > 0 ? stage_->width : frame->width,
            height = stage_->height > 0 ? stage_->height : frame->height;
  bool const full = is_full_range(*frame);
  bool const same_size = frame->width == width && frame->height == height;
  if (same_size && frame->format == format && !(to_nodes && full)) return frame;
  auto& conversion = to_nodes ? to_nodes_ : to_chain_;
  if (conversion.width != frame->width || conversion.height != frame->height || conversion.in != frame->format ||
      conversion.out != format || conversion.full != full) {
    auto const in = static_cast<AVPixelFormat>(frame->format);
    conversion = {frame->width, frame->height, in, format, full};
    Ranges const ranges{full, full && !to_nodes};
    conversion.scaler = TRY(Scaler::open(frame->width, frame->height, in, width, height, format, exact, ranges));
    conversion.pool = PicturePool(width, height, format);
  }
  auto out = TRY(conversion.pool.take());
  TRY(conversion.scaler.scale(*frame, {0, 0, frame->width, frame->height}, *out, {0, 0, width, height}));
  out->color_range = full && !to_nodes ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  out->colorspace = frame->colorspace;
  out->color_primaries = frame->color_primaries;
  out->color_trc = frame->color_trc;
  out->chroma_location = frame->chroma_location;
  out->interlaced_frame = frame->interlaced_frame;
  out->top_field_first = frame->top_field_first;
  return out;
}

Result<Frame> VideoSource::in_working_format(Frame frame) {
  cut_to(*frame, stage_->width, stage_->height);
  auto out = TRY(converted(std::move(frame), AV_PIX_FMT_YUV420P));
  // What a frame carries besides its samples is about the source: mastering light, captions, turns.
  while (out->nb_side_data > 0) av_frame_remove_side_data(out.get(), out->side_data[0]->type);
  out->sample_aspect_ratio = aspect_.num > 0 && aspect_.den > 0 ? aspect_ : AVRational{1, 1};
  out->interlaced_frame = 0;
  out->color_range = AVCOL_RANGE_MPEG;
  return out;
}

}  // namespace reelmill::av
