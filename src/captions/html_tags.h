// SPDX-License-Identifier: GPL-3.0-or-later
// The tags that SubRip borrows from HTML and WebVTT has made its own.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "captions/marked_text.h"

namespace reelmill {

struct HtmlTag {
  std::string_view name;  // without classes and what else follows it
  bool is_end = false;
  std::size_t bytes = 0;  // of all of it
};
// The tag at the front of `text`, which begins with '<'; nothing: it does not end in time.
std::optional<HtmlTag> html_tag(std::string_view text);
// Of those that caption files use.
bool is_html_name(std::string_view name);

// How deep each emphasis is open.
class HtmlMarks {
 public:
  void apply(HtmlTag const& tag);
  Marks marks() const;

 private:
  std::array<int, 3> depth_{};
};

// What an entity at the front of `text`, which begins with '&', stands for, and its bytes; nothing: it is none.
struct HtmlEntity {
  std::string text;
  std::size_t bytes = 0;
};
std::optional<HtmlEntity> html_entity(std::string_view text);

}  // namespace reelmill
