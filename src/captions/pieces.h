// SPDX-License-Identifier: GPL-3.0-or-later
// A transcript as the smallest pieces that lines are made of, and what it costs to break before each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "captions/profile.h"
#include "graph/transcript.h"

namespace reelmill {

struct Piece {
  std::string text;  // no blanks and no control characters in it, and something to be seen
  int columns = 0;
  std::int64_t from = 0, to = 0;  // in order; no piece overlaps the next
  bool is_spaced = true;          // a space stands before it where it does not begin a line
  bool ends_sentence = false;
  double cue_cost = 0, line_cost = 0;  // of a cue, or only a line, that begins with it
};

// Costs are in units of which a good place has 0, a fair one 14, and one between article and noun 45. No piece is wider than
// `widest` columns: longer words are cut. Words that overlap or run backwards are put in order.
std::vector<Piece> pieces_of(Transcript const& transcript, int widest);

}  // namespace reelmill
