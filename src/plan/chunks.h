// SPDX-License-Identifier: GPL-3.0-or-later
// The chunks of a render: which frames each decodes, shows and corrects, and the key of each of its encodes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/stage.h"
#include "plan/borders.h"
#include "plan/film_captions.h"
#include "plan/keys.h"
#include "plan/lower.h"
#include "plan/made_of.h"
#include "plan/picture_graph.h"

namespace reelmill {

struct Footage {
  SourceIndex const& index;
  SourceAnalysis const& analysis;
  std::vector<Border> const& borders;
  Lowered const& lowered;
  PictureGraph const& graph;
  std::optional<Shown> part{};               // what a preview shows
  FilmCaptions const* captions = nullptr;  // null: none
};

struct Chunks {
  std::vector<VideoChunk> chunks;
  std::vector<std::vector<std::string>> keys;  // for each chunk, for each leaf; empty where the chunk shows it no frame
  std::vector<MadeOf> made_of;                 // for each leaf, where `begun` keeps its fields
};
// `begun` is what every key begins with; of `stage` everything but the chunks.
Chunks chunks_of(Key const& begun, VideoStage const& stage, Footage const& footage, Builds const& builds);

}  // namespace reelmill
