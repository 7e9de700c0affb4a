// SPDX-License-Identifier: GPL-3.0-or-later
// Filters that look at neighbouring frames, in one line: as many pictures come out as go in, some of them later. One thread.
#pragma once

#include <vector>

#include "av/filter_graph.h"
#include "av/handles.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

class PrefilterChain {
 public:
  // Pictures will look like `example` (size, format, aspect); what comes out may have another format.
  static Result<PrefilterChain> open(std::vector<Prefilter> const& prefilters, AVFrame const& example);
  // Shares the picture; null: no more will come.
  Result<void> push(AVFrame* picture);
  // The next picture, or null where more have to be pushed first.
  Result<Frame> pull() { return graph_.pull(); }

 private:
  explicit PrefilterChain(FilterGraph graph) : graph_(std::move(graph)) {}

  FilterGraph graph_;
  std::int64_t pushed_ = 0;
};

}  // namespace reelmill::av
