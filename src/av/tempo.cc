// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/tempo.h"

#include <algorithm>
#include <array>

#include "av/failure.h"
#include "av/filter_list.h"
#include "base/text.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
}

namespace reelmill::av {

namespace {
constexpr int silence_piece = 4096, most_pieces = 64;  // the filter holds back less than a second
}

Result<Tempo> Tempo::open(Rational tempo, AudioFormat format) {
  Tempo out;
  out.tempo_ = tempo;
  out.format_ = format;
  if (tempo == Rational(1)) return out;
  out.graph_.reset(avfilter_graph_alloc());
  out.graph_->nb_threads = 1;
  out.source_ = avfilter_graph_alloc_filter(out.graph_.get(), avfilter_get_by_name("abuffer"), "in");
  out.sink_ = avfilter_graph_alloc_filter(out.graph_.get(), avfilter_get_by_name("abuffersink"), "out");
  if (!out.source_ || !out.sink_) return Error{.kind = ErrorKind::full, .what = "changing the sound's tempo: out of memory"};
  AVChannelLayout layout{};
  av_channel_layout_default(&layout, format.channels);
  std::array<char, 64> layout_name{};
  av_channel_layout_describe(&layout, layout_name.data(), layout_name.size());
  Options source;
  source.set("sample_rate", format.sample_rate);
  source.set("sample_fmt", "fltp");
  source.set("channel_layout", layout_name.data());
  int code = avfilter_init_dict(out.source_, source.get());
  if (code >= 0) code = avfilter_init_dict(out.sink_, nullptr);
  if (code < 0) return failure(code, "changing the sound's tempo");
  auto* const stretch =
      TRY(add_filter(*out.graph_, "rubberband", {{"tempo", shortest(tempo.value())}, {"channels", "together"}}));
  auto* const shape = TRY(add_filter(
      *out.graph_, "aformat",
      {{"sample_fmts", "fltp"}, {"sample_rates", std::to_string(format.sample_rate)}, {"channel_layouts", layout_name.data()}}));
  code = avfilter_link(out.source_, 0, stretch, 0);
  if (code >= 0) code = avfilter_link(stretch, 0, shape, 0);
  if (code >= 0) code = avfilter_link(shape, 0, out.sink_, 0);
  if (code >= 0) code = avfilter_graph_config(out.graph_.get(), nullptr);
  if (code < 0) return failure(code, "changing the sound's tempo");
  return out;
}

Result<void> Tempo::send(AVFrame const& frame) {
  auto mine = share(frame);
  mine->pts = sent_;
  sent_ += frame.nb_samples;
  if (int const code = av_buffersrc_add_frame(source_, mine.get()); code < 0) return failure(code, "changing the sound's tempo");
  return {};
}

Result<void> Tempo::drain(std::int64_t most, Take const& take) {
  auto frame = make_frame();
  while (true) {
    int const code = av_buffersink_get_frame(sink_, frame.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    if (code < 0) return failure(code, "changing the sound's tempo");
    frame->nb_samples = static_cast<int>(std::min<std::int64_t>(frame->nb_samples, most - given_));
    if (frame->nb_samples > 0) {
      given_ += frame->nb_samples;
      TRY(take(*frame));
    }
    av_frame_unref(frame.get());
  }
}

Result<void> Tempo::push(AVFrame const& frame, Take const& take) {
  if (!source_) return take(frame);
  taken_ += frame.nb_samples;
  TRY(send(frame));
  return drain(round(Rational(taken_) / tempo_), take);
}

Result<void> Tempo::finish(Take const& take) {
  if (!source_) return {};
  auto const wanted = round(Rational(taken_) / tempo_);
  for (int piece = 0; piece < most_pieces && given_ < wanted; ++piece) {
    TRY(send(*TRY(make_samples(format_, silence_piece))));
    TRY(drain(wanted, take));
  }
  if (given_ != wanted)
    return Error{.kind = ErrorKind::bug, .what = "changing the sound's tempo gave another number of samples than it must"};
  return {};
}

}  // namespace reelmill::av
