// SPDX-License-Identifier: GPL-3.0-or-later
// Texts as pictures, set by libass with the fonts that are given and nothing else: neither another font nor markup can slip in.
// One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "av/stamp.h"
#include "base/result.h"

namespace reelmill::av {

struct SetText {
  Rgba image;        // just the part that is not empty
  int x = 0, y = 0;  // of its upper left corner, from that of the picture
};

struct TextFont {
  std::string file;   // what messages call it
  std::string bytes;  // TrueType or OpenType
  int face = 0;       // in a collection
};

struct TextLook {
  std::string what;  // what messages call the text: "title"
  bool bold = false;
  double size = 8;     // of a line, in percent of the picture's shorter side
  double outline = 0;  // its width, in percent of the size
  std::string colour = "#ffffff", outline_colour = "#000000";
  double margin = 5;  // percent of the picture's shorter side; the text stays inside
};

struct PlacedText {
  std::string text;                    // UTF-8, lines end at \n
  std::string position = "bottom";     // top_left, top, …, bottom_right
  std::vector<std::int32_t> italic{};  // bytes between which it is italic: begin, end, begin, end, …
  std::vector<std::int32_t> fonts{0};  // by number; each character is set in the first of these that has it
};

class TextSetter {
 public:
  // For pictures of this size. A file that is not a font is an error of kind media.
  static Result<TextSetter> open(TextLook look, std::vector<TextFont> fonts, int width, int height);
  TextSetter(TextSetter&&) noexcept;
  TextSetter& operator=(TextSetter&&) noexcept;
  ~TextSetter();

  // All texts together; of those at one place the first stands nearest to the picture's edge. A character that none of its
  // fonts has, and texts that do not fit inside the margin, are errors of kind project.
  Result<SetText> set(std::vector<PlacedText> const& texts);
  // The same, but lines that are too long for the picture are broken anew, and what still does not fit becomes smaller, down to
  // half of its size.
  Result<SetText> set_to_fit(std::vector<PlacedText> const& texts);

 private:
  class Impl;
  explicit TextSetter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace reelmill::av
