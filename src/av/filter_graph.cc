// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/filter_graph.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "av/failure.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
}

namespace reelmill::av {

namespace {
constexpr std::array<std::string_view, 13> for_video{"bwdif",   "crop",  "deband",  "eq",        "format",  "hflip", "hqdn3d",
                                                     "nlmeans", "scale", "tonemap", "transpose", "unsharp", "zscale"};
constexpr std::array<std::string_view, 12> for_audio{"acompressor", "afade",     "afftdn",  "agate",    "deesser",    "equalizer",
                                                     "highpass",    "highshelf", "lowpass", "lowshelf", "rubberband", "volume"};

bool holds(auto const& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

std::string layout_name(int channels) {
  AVChannelLayout layout{};
  av_channel_layout_default(&layout, channels);
  std::array<char, 64> name{};
  av_channel_layout_describe(&layout, name.data(), name.size());
  return name.data();
}
}  // namespace

bool is_allowed_filter(std::string_view filter) { return holds(for_video, filter) || holds(for_audio, filter); }

Result<FilterGraph> FilterGraph::open(char const* source, char const* sink, std::string doing) {
  FilterGraph out;
  out.doing_ = std::move(doing);
  out.graph_.reset(avfilter_graph_alloc());
  if (out.graph_) {
    out.graph_->nb_threads = 1;
    out.source_ = avfilter_graph_alloc_filter(out.graph_.get(), avfilter_get_by_name(source), "in");
    out.sink_ = avfilter_graph_alloc_filter(out.graph_.get(), avfilter_get_by_name(sink), "out");
  }
  if (!out.source_ || !out.sink_) return Error{.kind = ErrorKind::full, .what = fmt::format("{}: out of memory", out.doing_)};
  out.last_ = out.source_;
  return out;
}

Result<FilterGraph> FilterGraph::for_pictures(AVFrame const& example, std::string doing) {
  auto out = TRY(open("buffer", "buffersink", std::move(doing)));
  Memory<AVBufferSrcParameters> const parameters(av_buffersrc_parameters_alloc());
  parameters->format = example.format;
  parameters->width = example.width;
  parameters->height = example.height;
  parameters->time_base = {1, 1000};
  parameters->sample_aspect_ratio = example.sample_aspect_ratio;
  int code = av_buffersrc_parameters_set(out.source_, parameters.get());
  if (code >= 0) code = avfilter_init_dict(out.source_, nullptr);
  if (code >= 0) code = avfilter_init_dict(out.sink_, nullptr);
  TRY(out.check(code));
  return out;
}

Result<FilterGraph> FilterGraph::for_sound(AudioFormat format, std::string doing) {
  auto out = TRY(open("abuffer", "abuffersink", std::move(doing)));
  Options options;
  options.set("sample_rate", format.sample_rate);
  options.set("sample_fmt", "fltp");
  options.set("channel_layout", layout_name(format.channels).c_str());
  int code = avfilter_init_dict(out.source_, options.get());
  if (code >= 0) code = avfilter_init_dict(out.sink_, nullptr);
  TRY(out.check(code));
  return out;
}

Result<void> FilterGraph::check(int code) const {
  if (code < 0) return failure(code, doing_);
  return {};
}

Result<void> FilterGraph::add(std::string const& filter, FilterOptions const& options) {
  if (!is_allowed_filter(filter))
    return Error{.kind = ErrorKind::bug, .what = fmt::format("setting up filter '{}': stages may not ask for it", filter)};
  return add_own(filter, options);
}

Result<void> FilterGraph::add_own(std::string const& filter, FilterOptions const& options) {
  auto const* kind = avfilter_get_by_name(filter.c_str());
  if (!kind)
    return Error{.kind = ErrorKind::missing, .what = fmt::format("setting up filter '{}': libavfilter lacks it", filter)};
  auto* context = avfilter_graph_alloc_filter(graph_.get(), kind, nullptr);
  if (!context) return Error{.kind = ErrorKind::full, .what = fmt::format("setting up filter '{}': out of memory", filter)};
  Options dictionary;
  for (auto const& [name, value] : options) dictionary.set(name.c_str(), value.c_str());
  int code = avfilter_init_dict(context, dictionary.get());
  if (auto const* unused = dictionary.first_unused(); code >= 0 && unused)
    return Error{.kind = ErrorKind::bug, .what = fmt::format("filter '{}' has no option '{}'", filter, unused)};
  if (code >= 0) code = avfilter_link(last_, 0, context, 0);
  if (code < 0) return failure(code, fmt::format("setting up filter '{}'", filter));
  last_ = context;
  return {};
}

void FilterGraph::set_conversion(char const* swscale_options) {
  av_freep(&graph_->scale_sws_opts);
  graph_->scale_sws_opts = av_strdup(swscale_options);
}

Result<void> FilterGraph::end_in(AVPixelFormat format) {
  std::array<AVPixelFormat, 2> const formats{format, AV_PIX_FMT_NONE};
  return check(av_opt_set_int_list(sink_, "pix_fmts", formats.data(), AV_PIX_FMT_NONE, AV_OPT_SEARCH_CHILDREN));
}

Result<void> FilterGraph::end_in(AudioFormat format) {
  return add_own("aformat", {{"sample_fmts", "fltp"},
                             {"sample_rates", std::to_string(format.sample_rate)},
                             {"channel_layouts", layout_name(format.channels)}});
}

Result<void> FilterGraph::close() {
  int code = avfilter_link(last_, 0, sink_, 0);
  if (code >= 0) code = avfilter_graph_config(graph_.get(), nullptr);
  return check(code);
}

Result<void> FilterGraph::push(AVFrame const* frame) {
  // KEEP_REF leaves the frame as it is, although libavfilter's parameter is not const.
  return check(av_buffersrc_add_frame_flags(source_, const_cast<AVFrame*>(frame), AV_BUFFERSRC_FLAG_KEEP_REF));
}

Result<Frame> FilterGraph::pull() {
  auto out = make_frame();
  int const code = av_buffersink_get_frame(sink_, out.get());
  if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return Frame();
  TRY(check(code));
  return out;
}

}  // namespace reelmill::av
