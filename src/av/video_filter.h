// SPDX-License-Identifier: GPL-3.0-or-later
// One libavfilter filter whose reach is a frame: one picture in, one out. Options are set by name, never parsed as text.
#pragma once

#include <map>
#include <string>

#include "av/filter_graph.h"
#include "av/handles.h"
#include "base/result.h"

namespace reelmill::av {

class VideoFilter {
 public:
  // Pictures will look like `example` (size, format, colours, aspect).
  static Result<VideoFilter> open(std::string const& filter, std::map<std::string, std::string> const& options,
                                  AVFrame const& example);
  Result<Frame> apply(AVFrame const& in);

 private:
  explicit VideoFilter(FilterGraph graph) : graph_(std::move(graph)) {}

  FilterGraph graph_;
};

}  // namespace reelmill::av
