// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/profile.h"

#include "captions/characters.h"

namespace reelmill {

namespace {
constexpr int longest_text = 1 << 28;
}

int line_columns(std::string_view line) {
  int columns = 0;
  while (!line.empty() && columns < longest_text) {
    auto const character = first_character(line);
    columns += columns_of(character.point);
    line.remove_prefix(character.bytes);
  }
  return columns;
}

int reading_length(std::string_view text) {
  int length = line_columns(text);
  for (char const c : text)
    if (c == '\n' && length < longest_text) ++length;
  return length;
}

}  // namespace reelmill
