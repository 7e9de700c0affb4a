// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/prefilter_chain.h"

namespace reelmill::av {

Result<PrefilterChain> PrefilterChain::open(std::vector<Prefilter> const& prefilters, AVFrame const& example) {
  auto graph = TRY(FilterGraph::for_pictures(example, "filtering the source"));
  graph.set_conversion("flags=bicubic+accurate_rnd+bitexact+full_chroma_int+full_chroma_inp");
  for (auto const& prefilter : prefilters) TRY(graph.add(prefilter.filter, prefilter.options));
  TRY(graph.close());
  return PrefilterChain(std::move(graph));
}

Result<void> PrefilterChain::push(AVFrame* picture) {
  // Pictures are told apart by their order; the filters only need times that rise.
  if (picture) picture->pts = pushed_++;
  return graph_.push(picture);
}

}  // namespace reelmill::av
