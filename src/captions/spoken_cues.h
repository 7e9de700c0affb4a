// SPDX-License-Identifier: GPL-3.0-or-later
// What of captions can be compared with speech: the cues that hold something spoken, and where their words are heard.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "captions/cue.h"
#include "graph/transcript.h"

namespace reelmill {

// A place in the film where the words of a cue are heard, as an estimate of where the cue would begin.
struct HeardAt {
  double begin = 0, width = 0;  // ms, ms
  double weight = 0;            // nats
};

struct SpokenCue {
  std::size_t index = 0;    // in the order of beginnings, of all cues
  double from = 0, to = 0;  // ms
  double speech = 0;        // ms after `from` for which its text is spoken, as far as its length tells
  double rest = 0;          // ms before `from` without a spoken cue
  std::vector<HeardAt> heard{};
};

// In the order of `order`, the places of `captions.cues`. Sounds in brackets and songs between notes are left out.
std::vector<SpokenCue> spoken_cues(Captions const& captions, std::vector<std::size_t> const& order);

// Looks for runs of two and three words of the captions among those of the film, and fills `heard`.
void find_words(std::vector<SpokenCue>& cues, Captions const& captions, std::vector<std::size_t> const& order,
                Transcript const& film);

// Lower case without punctuation; of scripts without spaces every character is a word.
std::vector<std::string> words_of(std::string_view text);

}  // namespace reelmill
