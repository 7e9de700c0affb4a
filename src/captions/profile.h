// SPDX-License-Identifier: GPL-3.0-or-later
// What captions for one kind of audience keep to. Shipped ones are in presets/captions, src/project/caption_profiles.h reads
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reelmill {

struct CaptionProfile {
  std::string name, description;
  int line_length = 42, lines = 2;              // columns of a line, see line_columns; lines of a cue
  double reading_speed = 20;                    // characters a second, see reading_length
  std::int64_t shortest = 833, longest = 7000;  // milliseconds that a cue is shown; `longest` is twice the other at least
  int gap_frames = 2;                           // without a cue between two, at least
  // What lay_out may do with the times; the validator does not ask for these.
  int snap_frames = 7;                      // a beginning or end this near to a change of shot goes there
  int chain_frames = 11;                    // a gap that is not longer is closed down to gap_frames
  std::int64_t earlier = 250, later = 500;  // milliseconds that a cue may begin before or after its first word, to be readable
  friend bool operator==(CaptionProfile const&, CaptionProfile const&) = default;
};

// Columns of a text that is one line: wide characters (Chinese, Japanese, Korean, emoji) are two, marks upon others none.
int line_columns(std::string_view line);
// Characters that a viewer reads, in the same measure: spaces count, and the end of a line is one.
int reading_length(std::string_view text);

}  // namespace reelmill
