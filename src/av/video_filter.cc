// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/video_filter.h"

#include <array>

#include <fmt/format.h>

#include "av/failure.h"
#include "av/filter_list.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/opt.h>
}

namespace reelmill::av {

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
