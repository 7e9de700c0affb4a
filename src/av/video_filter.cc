// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/video_filter.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "av/failure.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/opt.h>
}

namespace reelmill::av {

namespace {
// Filters that can open files, run commands or sources are not in this list, whatever a stage file says.
constexpr std::array<std::string_view, 13> allowed_filters{"eq",      "highpass",  "lowpass", "afftdn", "aformat",
                                                           "bwdif",   "format",    "hqdn3d",  "hflip",  "scale",
                                                           "tonemap", "transpose", "zscale"};
}  // namespace

Result<AVFilterContext*> add_filter(AVFilterGraph& graph, std::string const& filter,
                                    std::map<std::string, std::string> const& options) {
  auto const* kind = avfilter_get_by_name(filter.c_str());
  if (!kind || std::find(allowed_filters.begin(), allowed_filters.end(), filter) == allowed_filters.end())
    return Error{.kind = ErrorKind::missing, .what = fmt::format("setting up filter '{}': this build does not offer it", filter)};
  auto* context = avfilter_graph_alloc_filter(&graph, kind, nullptr);
  if (!context) return Error{.kind = ErrorKind::full, .what = fmt::format("setting up filter '{}': out of memory", filter)};
  Options dictionary;
  for (auto const& [name, value] : options) dictionary.set(name.c_str(), value.c_str());
  if (int const code = avfilter_init_dict(context, dictionary.get()); code < 0)
    return failure(code, fmt::format("setting up filter '{}'", filter));
  if (auto const* unused = dictionary.first_unused())
    return Error{.kind = ErrorKind::bug, .what = fmt::format("filter '{}' has no option '{}'", filter, unused)};
  return context;
}

Result<VideoFilter> VideoFilter::open(std::string const& filter, std::map<std::string, std::string> const& options,
                                      AVFrame const& example) {
  Graph graph(avfilter_graph_alloc());
  graph->nb_threads = 1;
  auto* source = avfilter_graph_alloc_filter(graph.get(), avfilter_get_by_name("buffer"), "in");
  auto* sink = avfilter_graph_alloc_filter(graph.get(), avfilter_get_by_name("buffersink"), "out");
  if (!source || !sink) return Error{.kind = ErrorKind::full, .what = "setting up a filter graph: out of memory"};
  Memory<AVBufferSrcParameters> const parameters(av_buffersrc_parameters_alloc());
  parameters->format = example.format;
  parameters->width = example.width;
  parameters->height = example.height;
  parameters->time_base = {1, 1000};
  parameters->sample_aspect_ratio = example.sample_aspect_ratio;
  int code = av_buffersrc_parameters_set(source, parameters.get());
  if (code >= 0) code = avfilter_init_dict(source, nullptr);
  if (code >= 0) code = avfilter_init_dict(sink, nullptr);
  std::array<AVPixelFormat, 2> const formats{static_cast<AVPixelFormat>(example.format), AV_PIX_FMT_NONE};
  if (code >= 0) code = av_opt_set_int_list(sink, "pix_fmts", formats.data(), AV_PIX_FMT_NONE, AV_OPT_SEARCH_CHILDREN);
  if (code < 0) return failure(code, fmt::format("setting up filter '{}'", filter));
  auto* middle = TRY(add_filter(*graph, filter, options));
  code = avfilter_link(source, 0, middle, 0);
  if (code >= 0) code = avfilter_link(middle, 0, sink, 0);
  if (code >= 0) code = avfilter_graph_config(graph.get(), nullptr);
  if (code < 0) return failure(code, fmt::format("setting up filter '{}'", filter));
  return VideoFilter(std::move(graph), source, sink, filter);
}

Result<Frame> VideoFilter::apply(AVFrame const& in) {
  auto out = make_frame();
  int code = av_buffersrc_write_frame(source_, &in);
  if (code >= 0) code = av_buffersink_get_frame(sink_, out.get());
  if (code < 0) return failure(code, fmt::format("filtering a picture with '{}'", name_));
  return out;
}

}  // namespace reelmill::av
