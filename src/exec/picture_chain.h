// SPDX-License-Identifier: GPL-3.0-or-later
// The nodes of a video stage up to the encoders: makes from one source picture what each encoder reads, every shared step once.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "av/fitter.h"
#include "av/video_filter.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill {

class PictureChain {
 public:
  explicit PictureChain(std::vector<VideoNode> const& nodes);

  // All nodes that `id` depends on, itself included.
  std::set<std::string> needed_for(std::string const& id) const;

  using Pictures = std::map<std::string, av::Frame>;
  // Pictures by node id, for the nodes in `needed`. `correction` may be null where no warp is needed.
  Result<Pictures> run(av::Frame source, Correction const* correction, std::set<std::string> const& needed);

 private:
  struct Step {
    VideoNode node;
    std::optional<av::VideoFilter> filter{};
    std::optional<av::Fitter> fitter{};
    av::PicturePool pool{};
    int width = 0, height = 0;  // of the pictures it was set up for
  };
  Result<av::Frame> apply(Step& step, AVFrame const& in, Correction const* correction);

  std::vector<Step> steps_;
};

}  // namespace reelmill
