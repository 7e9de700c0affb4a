// SPDX-License-Identifier: GPL-3.0-or-later
// The picture's way from the source to every export, as nodes; and the passes that make it smaller.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "graph/stage.h"
#include "project/project.h"

namespace reelmill {

// Which encode, and which of its variants, an export gets.
struct Leaf {
  std::size_t target = 0;  // in Project::exports
  std::string node;
  int variant = 0;
};

struct PictureGraph {
  std::vector<VideoNode> nodes;               // inputs before readers
  std::vector<Leaf> leaves;                   // one per export that is encoded
  std::map<std::string, Envelope> timings{};  // of nodes that are not applied to every frame alike, by id
};

// What is done to the picture between the source and the encoders, besides the fit.
struct PictureSteps {
  std::vector<VideoNode> nodes;
  std::map<std::size_t, Envelope> timings{};  // by place in `nodes`
  std::optional<std::size_t> drawn{};         // from this place on, nodes stand after the fit
};

// One chain of its own for every export: nothing is shared yet. A warp stays first, since it follows the motion of the picture as
// it was recorded; then the picture is turned upright and given the export's colours, and the other steps see it so.
Result<PictureGraph> lower_picture(Project const& project, VideoStreamInfo const& source, PictureSteps const& steps);

// common: equal steps on the same input are done once.
PictureGraph pass_common(PictureGraph graph);
// share: encodes that differ in the ceiling only become variants of one.
PictureGraph pass_share(PictureGraph const& graph);

// What a node does to the picture, names left out.
std::string settings_of(VideoNode const& node);
// Everything that decides what a node gives: its own settings and those of all nodes before it.
std::string text_of(PictureGraph const& graph, std::string const& node);
// The node and all before it, the source left out.
std::set<std::string> chain_of(PictureGraph const& graph, std::string const& node);
bool depends_on_warp(PictureGraph const& graph, std::string const& node);
EncodeNode const& encode_named(PictureGraph const& graph, std::string const& id);
// A film of that duration in whole frames of each encode, the longest of them; 0 without encodes. Seconds.
Rational longest_of(PictureGraph const& graph, Rational duration);

}  // namespace reelmill
