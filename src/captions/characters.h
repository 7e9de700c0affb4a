// SPDX-License-Identifier: GPL-3.0-or-later
// What a character is to captions: how wide, and whether a line may end beside it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reelmill {

inline constexpr char32_t unreadable_character = 0xfffd;

// The character at the front of `text`, which is not empty, and its bytes; what is not UTF-8 is one byte of U+FFFD.
struct Character {
  char32_t point = 0;
  std::size_t bytes = 1;
};
Character first_character(std::string_view text);
void append_utf8(std::string& text, char32_t point);

bool is_control_character(char32_t point);
// Of any script, line ends and the ideographic one included, the non-breaking ones not.
bool is_blank(char32_t point);
// 0 for marks upon other characters and for what is invisible, 2 for wide ones, otherwise 1.
int columns_of(char32_t point);
// Of a script that puts no spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
bool is_of_unspaced_script(char32_t point);
// Whether a line may end between the two, both of one word.
bool may_break_between(char32_t before, char32_t after);

// Bytes of the character at the front of `text` and of all marks upon it.
std::size_t cluster_bytes(std::string_view text);

}  // namespace reelmill
