// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "graph/stage.h"
#include "plan/plan.h"

namespace reelmill {

namespace {
// Chunks of one group of pictures that begins far back are not torn apart: each batch would decode it all again.
constexpr std::size_t most_chunks_of_a_group_to_tear = 15;

bool same(SeekPoint const& a, SeekPoint const& b) { return a.pts == b.pts && a.dts == b.dts && a.hash == b.hash; }
}  // namespace

std::vector<VideoStage> batches(VideoStage const& stage, std::size_t chunks) {
  std::vector<VideoStage> out;
  std::size_t in_group = 0;
  for (std::size_t i = 0; i < stage.chunks.size(); ++i) {
    bool const same_group = i > 0 && same(stage.chunks[i].seek, stage.chunks[i - 1].seek);
    in_group = same_group ? in_group + 1 : 0;
    bool const full = out.empty() || out.back().chunks.size() >= std::max<std::size_t>(1, chunks);
    if (out.empty() || (full && !(same_group && in_group > most_chunks_of_a_group_to_tear)))
      out.push_back({stage.source, stage.stream, stage.width, stage.height, stage.prefilters, stage.nodes, {}});
    out.back().chunks.push_back(stage.chunks[i]);
  }
  return out;
}

}  // namespace reelmill
