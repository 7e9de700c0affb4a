// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/audio_chain.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "av/failure.h"
#include "av/filter_list.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

namespace reelmill::av {

namespace {
constexpr std::int64_t silence_piece = 4096;

// Links a filter of fixed options behind `last`.
Result<AVFilterContext*> append(AVFilterGraph& graph, AVFilterContext* last, char const* filter, std::string const& options) {
  AVFilterContext* next = nullptr;
  int code = avfilter_graph_create_filter(&next, avfilter_get_by_name(filter), nullptr, options.c_str(), nullptr, &graph);
  if (code >= 0) code = avfilter_link(last, 0, next, 0);
  if (code < 0) return failure(code, "setting up the sound filters");
  return next;
}
}  // namespace

std::int64_t latency_of(std::string const& filter, int sample_rate) {
  // afftdn overlaps windows of a twentieth of a second by half, and is late by that half. The other filters of the list give
  // each sample as soon as they get it: none looks ahead.
  if (filter == "afftdn") return sample_rate / 20 / 2;
  return 0;
}

Result<AudioChain> AudioChain::open(std::vector<AudioFilter> const& filters, AudioFormat format) {
  AudioChain out;
  out.format_ = format;
  if (filters.empty()) return out;
  out.graph_.reset(avfilter_graph_alloc());
  out.graph_->nb_threads = 1;
  out.source_ = avfilter_graph_alloc_filter(out.graph_.get(), avfilter_get_by_name("abuffer"), "in");
  out.sink_ = avfilter_graph_alloc_filter(out.graph_.get(), avfilter_get_by_name("abuffersink"), "out");
  if (!out.source_ || !out.sink_) return Error{.kind = ErrorKind::full, .what = "setting up the sound filters: out of memory"};
  AVChannelLayout layout{};
  av_channel_layout_default(&layout, format.channels);
  std::array<char, 64> layout_name{};
  av_channel_layout_describe(&layout, layout_name.data(), layout_name.size());
  Options source, shape;
  source.set("sample_rate", format.sample_rate);
  source.set("sample_fmt", "fltp");
  source.set("channel_layout", layout_name.data());
  int code = avfilter_init_dict(out.source_, source.get());
  if (code >= 0) code = avfilter_init_dict(out.sink_, nullptr);
  if (code < 0) return failure(code, "setting up the sound filters");
  auto* last = out.source_;
  for (auto const& filter : filters) {
    auto* next = TRY(add_filter(*out.graph_, filter.filter, filter.options));
    if (code = avfilter_link(last, 0, next, 0); code < 0) return failure(code, "linking the sound filters");
    last = next;
    auto const latency = latency_of(filter.filter, format.sample_rate);
    if (latency == 0) continue;
    // What follows may depend on the time, so the delay is taken out where it arises.
    last = TRY(append(*out.graph_, last, "atrim", fmt::format("start_sample={}", latency)));
    last = TRY(append(*out.graph_, last, "asetpts", "PTS-STARTPTS"));
    out.latency_ += latency;
  }
  auto* end = TRY(add_filter(
      *out.graph_, "aformat",
      {{"sample_fmts", "fltp"}, {"sample_rates", std::to_string(format.sample_rate)}, {"channel_layouts", layout_name.data()}}));
  code = avfilter_link(last, 0, end, 0);
  if (code >= 0) code = avfilter_link(end, 0, out.sink_, 0);
  if (code >= 0) code = avfilter_graph_config(out.graph_.get(), nullptr);
  if (code < 0) return failure(code, "setting up the sound filters");
  return out;
}

Result<void> AudioChain::send(AVFrame const& frame) {
  auto mine = share(frame);
  mine->pts = sent_;
  sent_ += frame.nb_samples;
  if (int const code = av_buffersrc_add_frame(source_, mine.get()); code < 0) return failure(code, "filtering sound");
  return {};
}

Result<void> AudioChain::drain(Take const& take) {
  auto frame = make_frame();
  while (true) {
    int const code = av_buffersink_get_frame(sink_, frame.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    if (code < 0) return failure(code, "filtering sound");
    frame->nb_samples = static_cast<int>(std::min<std::int64_t>(frame->nb_samples, taken_ - given_));
    given_ += frame->nb_samples;
    if (frame->nb_samples > 0) TRY(take(*frame));
    av_frame_unref(frame.get());
  }
}

Result<void> AudioChain::push(AVFrame const& frame, Take const& take) {
  if (!source_) return take(frame);
  taken_ += frame.nb_samples;
  TRY(send(frame));
  return drain(take);
}

Result<void> AudioChain::finish(Take const& take) {
  if (!source_) return {};
  // A window beyond the latency, because a filter may keep part of its last window.
  for (auto rest = 2 * latency_ + silence_piece; rest > 0 && given_ < taken_; rest -= silence_piece) {
    TRY(send(*TRY(make_samples(format_, static_cast<int>(silence_piece)))));
    TRY(drain(take));
  }
  if (int const code = av_buffersrc_add_frame(source_, nullptr); code < 0) return failure(code, "filtering sound");
  TRY(drain(take));
  if (given_ != taken_)
    return Error{.kind = ErrorKind::bug, .what = "the sound filters gave back another number of samples than they got"};
  return {};
}

}  // namespace reelmill::av
