// SPDX-License-Identifier: GPL-3.0-or-later
// What is said in a sound, and when. Times are milliseconds of the sound that was transcribed, from its beginning; words and
// segments are in the order of time, do not overlap, and lie inside of speech islands.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"

namespace reelmill {

struct Word {
  std::int64_t from = 0, to = 0;
  std::string text;       // UTF-8, with its punctuation, without spaces around
  double confidence = 0;  // 0 to 1: how sure it is of the word, less where its two times disagree
};

// What belongs together, usually a sentence or a part of one.
struct Segment {
  std::int64_t from = 0, to = 0;
  std::string text;
  double confidence = 0;
  std::vector<Word> words;
};

// Where somebody speaks, whatever is said.
struct Island {
  std::int64_t from = 0, to = 0;
};

struct Transcript {
  std::string language;  // "en"; of a translation "en" as well; empty where nothing is said
  std::vector<Segment> segments;
  std::vector<Island> islands;
  std::vector<std::string> notes;  // what was left out and why, for people
  std::int64_t length = 0;         // of the sound
};

void to_json(Json& json, Transcript const& transcript);
void from_json(Json const& json, Transcript& transcript);  // throws std::invalid_argument

}  // namespace reelmill
