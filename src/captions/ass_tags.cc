// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/ass_tags.h"

#include <algorithm>

#include "base/text.h"

namespace reelmill {

namespace {

// "1" → 1, "0" → 0, "" → nothing.
std::optional<std::int64_t> whole(std::string_view text) { return parse_integer(trim(text)); }

void set(AssTags& tags, Emphasis kind, std::string_view value) {
  auto const bit = marks_of(kind);
  auto const number = whole(value);
  // \b takes a weight as well.
  bool const is_on = !number ? (tags.style & bit) != 0 : *number == 1 || *number > 500;
  tags.marks = static_cast<Marks>(is_on ? tags.marks | bit : tags.marks & ~bit);
}

void place(AssTags& tags, std::string_view values) {
  auto const parts = split(values.substr(0, values.find(')')), ',');
  if (parts.size() < 2) return;
  tags.y = parse_number(trim(parts[1]));
}

void apply(std::string_view tag, AssTags& tags) {
  auto const after = [&](std::string_view name) { return tag.substr(name.size()); };
  auto const is_value = [](std::string_view rest) {
    return std::all_of(rest.begin(), rest.end(), [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == '+'; });
  };
  if (tag.starts_with("an") && is_value(after("an"))) {
    auto const number = whole(after("an"));
    if (number && *number >= 1 && *number <= 9) tags.at_top = *number >= 7;
  } else if (tag.starts_with("a") && is_value(after("a"))) {
    auto const number = whole(after("a"));
    if (number && *number >= 1 && *number <= 11) tags.at_top = *number >= 5 && *number <= 7;
  } else if (tag.starts_with("pos(")) {
    place(tags, after("pos("));
  } else if (tag.starts_with("move(")) {
    place(tags, after("move("));
  } else if (tag.starts_with("i") && is_value(after("i"))) {
    set(tags, Emphasis::italic, after("i"));
  } else if (tag.starts_with("b") && is_value(after("b"))) {
    set(tags, Emphasis::bold, after("b"));
  } else if (tag.starts_with("u") && is_value(after("u"))) {
    set(tags, Emphasis::underline, after("u"));
  } else if (tag.starts_with("p") && is_value(after("p"))) {
    tags.is_drawing = whole(after("p")).value_or(0) > 0;
  } else if (tag.starts_with("r")) {
    tags.marks = tags.style;
  }
}

}  // namespace

void apply_ass_tags(std::string_view block, AssTags& tags) {
  auto rest = block;
  for (auto at = rest.find('\\'); at != std::string_view::npos; at = rest.find('\\')) {
    rest.remove_prefix(at + 1);
    auto const tag = trim(rest.substr(0, rest.find('\\')));
    apply(tag, tags);
  }
}

}  // namespace reelmill
