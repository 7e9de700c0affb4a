// SPDX-License-Identifier: GPL-3.0-or-later
// How a source's pictures are brought to what the steps expect: progressive, standard dynamic range, one even size, upright,
// in the colours of the export. docs/decisions/007-footage.md has the reasons.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/media.h"
#include "graph/stage.h"
#include "plan/lower.h"

namespace reelmill {

// Colours by libav's names.
struct Colours {
  std::string primaries, transfer, matrix;
  friend bool operator==(Colours const&, Colours const&) = default;
};

// High definition by size: what players assume of a picture without tags.
bool is_hd(int width, int height);
// PQ or HLG.
bool is_hdr(VideoStreamInfo const& source);
// As tagged, or as the size suggests where they are not.
Colours colours_of(VideoStreamInfo const& source);
// What the nodes get: those of the source, or BT.709 where it is tone-mapped.
Colours working_colours(VideoStreamInfo const& source);
// What an export of this size is made in. The matrix of SD video becomes that of HD when the export is HD, its primaries stay;
// what is neither SD's nor HD's (wide gamut) becomes BT.709 whole.
Colours export_colours(Colours const& working, int width, int height);

struct Conform {
  int width = 0, height = 0;  // of all pictures, before they are turned upright; even
  std::vector<Prefilter> prefilters;
  std::vector<std::string> tasks;  // for people
  // Estimates for a worker: bytes it holds for this, seconds of one core a frame.
  std::int64_t memory = 0;
  double seconds = 0;
};
// `analysis` may be null: then what only decoding tells is not in it yet.
Conform conform_of(VideoStreamInfo const& source, SourceAnalysis const* analysis, Lowered const& lowered);

// The nodes that turn the picture as the source's display matrix asks.
std::vector<VideoNode> upright_nodes(VideoStreamInfo const& source);
// The node that brings pictures from one kind of colours to another; none where they are equal or cannot be converted.
std::vector<VideoNode> colour_nodes(Colours const& from, Colours const& to);

// Frames to either side that can change what the prefilters give.
struct Margins {
  int before = 0, after = 0;
};
Margins margins_of(std::vector<Prefilter> const& prefilters);

}  // namespace reelmill
