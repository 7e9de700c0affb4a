// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/video_filter.h"

#include <fmt/format.h>

namespace reelmill::av {

Result<VideoFilter> VideoFilter::open(std::string const& filter, std::map<std::string, std::string> const& options,
                                      AVFrame const& example) {
  auto graph = TRY(FilterGraph::for_pictures(example, fmt::format("filtering a picture with '{}'", filter)));
  TRY(graph.end_in(static_cast<AVPixelFormat>(example.format)));
  TRY(graph.add(filter, options));
  TRY(graph.close());
  return VideoFilter(std::move(graph));
}

Result<Frame> VideoFilter::apply(AVFrame const& in) {
  TRY(graph_.push(&in));
  auto out = TRY(graph_.pull());
  if (!out) return Error{.kind = ErrorKind::bug, .what = "a filter of the picture holds it back"};
  return out;
}

}  // namespace reelmill::av
