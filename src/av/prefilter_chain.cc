// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/prefilter_chain.h"

#include "av/failure.h"
#include "av/filter_list.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/mem.h>
}

namespace reelmill::av {

namespace {
constexpr char const* doing = "setting up the filters of the source";
}

Result<PrefilterChain> PrefilterChain::open(std::vector<Prefilter> const& prefilters, AVFrame const& example) {
  Graph graph(avfilter_graph_alloc());
  graph->nb_threads = 1;
  // Of the conversions that libavfilter puts between filters that do not agree on a format.
  graph->scale_sws_opts = av_strdup("flags=bicubic+accurate_rnd+bitexact+full_chroma_int+full_chroma_inp");
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
  if (code < 0) return failure(code, doing);
  auto* last = source;
  for (auto const& prefilter : prefilters) {
    auto* next = TRY(add_filter(*graph, prefilter.filter, prefilter.options));
    if (code = avfilter_link(last, 0, next, 0); code < 0) return failure(code, doing);
    last = next;
  }
  code = avfilter_link(last, 0, sink, 0);
  if (code >= 0) code = avfilter_graph_config(graph.get(), nullptr);
  if (code < 0) return failure(code, doing);
  return PrefilterChain(std::move(graph), source, sink);
}

Result<void> PrefilterChain::push(AVFrame* picture) {
  // Pictures are told apart by their order; the filters only need times that rise.
  if (picture) picture->pts = pushed_++;
  if (int const code = av_buffersrc_add_frame_flags(source_, picture, AV_BUFFERSRC_FLAG_KEEP_REF); code < 0)
    return failure(code, "filtering the source");
  return {};
}

Result<Frame> PrefilterChain::pull() {
  auto out = make_frame();
  int const code = av_buffersink_get_frame(sink_, out.get());
  if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return Frame();
  if (code < 0) return failure(code, "filtering the source");
  return out;
}

}  // namespace reelmill::av
