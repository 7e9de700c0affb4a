// SPDX-License-Identifier: GPL-3.0-or-later
// From tokens on a window's clock to segments and words on the sound's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/transcript.h"
#include "speech/loudness_curve.h"
#include "speech/model.h"
#include "speech/windows.h"

namespace reelmill::speech {

// Words of a language that puts no spaces between them are single characters.
bool has_spaces(std::string_view language);

// Whole words, each with the times that its tokens have, `said` of the token before as its beginning and of its last as its end.
struct RawWord {
  std::string text{};
  double probability = 1;              // geometric mean
  std::int64_t from = 0, to = 0;       // by time marks
  std::int64_t begun = -1, said = -1;  // by attention
  bool begins_segment = false;
};
std::vector<RawWord> join_tokens(std::vector<Token> const& tokens, std::string_view language);

// The segments of a window. Words lie inside of its islands, in order and without overlaps; one that lies far from all islands is
// left out and told in `notes`.
std::vector<Segment> place_words(std::vector<RawWord> const& words, Window const& window, LoudnessCurve const& curve,
                                 std::string_view language, std::vector<std::string>& notes);

}  // namespace reelmill::speech
