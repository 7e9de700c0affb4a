// SPDX-License-Identifier: GPL-3.0-or-later
// Captions: texts that are shown from one time to another, whatever the file they come from or go to. Times are milliseconds
// of the film.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reelmill {

enum class Emphasis { italic, bold, underline };
struct EmphasisRun {
  std::size_t begin = 0, end = 0;  // bytes of Cue::text
  Emphasis kind = Emphasis::italic;
  friend bool operator==(EmphasisRun const&, EmphasisRun const&) = default;
};

struct Cue {
  std::int64_t from = 0, to = 0;
  std::string text;                 // UTF-8 without markup; lines end at \n
  std::vector<EmphasisRun> runs{};  // in the order of `begin`
  bool at_top = false;
  friend bool operator==(Cue const&, Cue const&) = default;
};

struct Captions {
  std::string language;   // BCP 47; empty: not known
  std::vector<Cue> cues;  // in the order of the file
};

}  // namespace reelmill
