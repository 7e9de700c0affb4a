// SPDX-License-Identifier: GPL-3.0-or-later
// What words say about where a sentence may be broken.
#pragma once

#include <string_view>

namespace reelmill {

enum class Ending { none, clause, sentence };
// By the punctuation at the end of a word, closing quotes and brackets left out; "Mr." ends nothing.
Ending ending_of(std::string_view word, std::string_view language);

// Articles, possessives and titles: what is never parted from the word behind it without need.
bool holds_to_next(std::string_view word, std::string_view language);
// Conjunctions and prepositions: a line is broken before them rather than elsewhere, and not behind them.
bool begins_phrase(std::string_view word, std::string_view language);

// "zh", "zh-Hant", "ja", "th", …: words are written without spaces.
bool is_unspaced_language(std::string_view language);

}  // namespace reelmill
