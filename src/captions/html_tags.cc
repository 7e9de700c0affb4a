// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/html_tags.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/text.h"
#include "captions/characters.h"

namespace reelmill {

namespace {

constexpr std::size_t longest_tag = 400;

constexpr std::array<std::string_view, 26> html_names{"i",     "em",  "b",    "strong", "u",      "s",  "strike", "font", "span",
                                                      "c",     "v",   "lang", "ruby",   "rt",     "br", "p",      "div",  "big",
                                                      "small", "sub", "sup",  "tt",     "center", "a",  "del",    "ins"};

struct Named {
  std::string_view name, text;
};
constexpr std::array entities{Named{"amp", "&"},        Named{"lt", "<"},        Named{"gt", ">"},
                              Named{"quot", "\""},      Named{"apos", "'"},      Named{"nbsp", "\u00a0"},
                              Named{"lrm", "\u200e"},   Named{"rlm", "\u200f"},  Named{"hellip", "\u2026"},
                              Named{"ndash", "\u2013"}, Named{"mdash", "\u2014"}};

std::optional<Emphasis> emphasis_of(std::string_view name) {
  auto const lower = lower_case(name);
  if (lower == "i" || lower == "em") return Emphasis::italic;
  if (lower == "b" || lower == "strong") return Emphasis::bold;
  if (lower == "u") return Emphasis::underline;
  return std::nullopt;
}

}  // namespace

std::optional<HtmlTag> html_tag(std::string_view text) {
  auto const end = text.substr(0, longest_tag).find('>');
  if (end == std::string_view::npos) return std::nullopt;
  HtmlTag tag;
  tag.bytes = end + 1;
  auto inside = text.substr(1, end - 1);
  if (inside.starts_with('/')) tag.is_end = true, inside.remove_prefix(1);
  tag.name = inside.substr(0, inside.find_first_of(" \t\n./"));
  return tag;
}

bool is_html_name(std::string_view name) {
  return std::find(html_names.begin(), html_names.end(), lower_case(name)) != html_names.end();
}

void HtmlMarks::apply(HtmlTag const& tag) {
  auto const kind = emphasis_of(tag.name);
  if (!kind) return;
  auto& depth = depth_[static_cast<std::size_t>(*kind)];
  depth = std::clamp(depth + (tag.is_end ? -1 : 1), 0, 1000);
}

Marks HtmlMarks::marks() const {
  unsigned marks = 0;
  for (auto const kind : every_emphasis)
    if (depth_[static_cast<std::size_t>(kind)] > 0) marks |= marks_of(kind);
  return static_cast<Marks>(marks);
}

std::optional<HtmlEntity> html_entity(std::string_view text) {
  auto const end = text.substr(0, 12).find(';');
  if (end == std::string_view::npos || end < 2) return std::nullopt;
  auto const name = text.substr(1, end - 1);
  if (name[0] != '#') {
    for (auto const& entity : entities)
      if (entity.name == name) return HtmlEntity{std::string(entity.text), end + 1};
    return std::nullopt;
  }
  bool const is_hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
  auto const digits = name.substr(is_hex ? 2 : 1);
  std::uint32_t point = 0;
  auto const [last, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), point, is_hex ? 16 : 10);
  if (digits.empty() || failure != std::errc{} || last != digits.data() + digits.size() || point == 0) return std::nullopt;
  HtmlEntity entity{{}, end + 1};
  append_utf8(entity.text, point);
  return entity;
}

}  // namespace reelmill
