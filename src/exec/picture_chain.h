// SPDX-License-Identifier: GPL-3.0-or-later
// The nodes of a video stage up to the encoders: makes from one source picture what each encoder reads, every shared step once.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "av/cube.h"
#include "av/fitter.h"
#include "av/stamp.h"
#include "av/text_setter.h"
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
  // Pictures by node id, for the nodes in `needed`, made of the chunk's frame number `at`.
  Result<Pictures> run(av::Frame source, VideoChunk const& chunk, std::size_t at, std::set<std::string> const& needed);

 private:
  // What a node needs besides its settings; made for pictures of one size.
  struct Step {
    VideoNode node;
    std::optional<av::VideoFilter> filter{};
    std::optional<av::Fitter> fitter{};
    std::optional<av::Cube> cube{};
    std::optional<av::Stamp> stamp{};
    std::optional<av::TextSetter> setter{};
    std::vector<ShownCaption const*> captions{};  // that the stamp shows
    av::Place place{};
    av::PicturePool pool{};
    int width = 0, height = 0;
  };
  struct Moment {
    VideoChunk const& chunk;
    std::size_t at;
    int weight_of(std::string const& node) const;
  };
  Result<av::Frame> apply(Step& step, AVFrame const& in, Moment const& moment);
  Result<void> prepare(Step& step, AVFrame const& in) const;
  Result<av::Frame> draw_captions(Step& step, CaptionNode const& node, AVFrame const& in, Moment const& moment) const;
  // Where the picture proper lies in what the node gives.
  av::Box box_of(std::string const& id, AVFrame const& picture) const;

  std::vector<Step> steps_;
};

}  // namespace reelmill
