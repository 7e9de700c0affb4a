// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/clock_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "captions/caption_file.h"

namespace reelmill {

namespace {

constexpr std::size_t most_digits = 9;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void skip_blanks(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size())); }

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  auto const digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

std::optional<std::int64_t> number_of(std::string_view digits) {
  if (digits.empty() || digits.size() > most_digits) return std::nullopt;
  std::int64_t value = 0;
  for (char const c : digits) value = value * 10 + (c - '0');
  return value;
}

// Digits after the point of a second.
std::int64_t thousandths(std::string_view digits) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return value + (digits.size() > 3 && digits[3] >= '5' ? 1 : 0);
}

}  // namespace

std::optional<std::int64_t> take_clock(std::string_view& text) {
  auto rest = text;
  skip_blanks(rest);
  bool const is_negative = rest.starts_with('-') && !rest.starts_with("--");
  if (is_negative) rest.remove_prefix(1);
  std::vector<std::string_view> groups;
  std::int64_t fraction = 0;
  for (;;) {
    skip_blanks(rest);
    auto const digits = take_digits(rest);
    if (digits.empty() || groups.size() > 3) return std::nullopt;
    groups.push_back(digits);
    auto after = rest;
    skip_blanks(after);
    if (after.empty()) break;
    char const separator = after.front();
    after.remove_prefix(1);
    skip_blanks(after);
    if (after.empty() || !is_digit(after.front())) break;
    if (separator == '.' || separator == ',') {
      fraction = thousandths(take_digits(after));
      rest = after;
      break;
    }
    if (separator != ':') break;
    rest = after;
  }
  if (groups.size() == 4) {
    if (fraction != 0 || groups[3].size() != 3) return std::nullopt;
    fraction = thousandths(groups[3]);
    groups.pop_back();
  }
  if (groups.size() < 2) return std::nullopt;
  std::int64_t seconds = 0;
  for (auto const& group : groups) {
    auto const value = number_of(group);
    if (!value) return std::nullopt;
    seconds = seconds * 60 + *value;
    if (seconds > latest_caption) return std::nullopt;
  }
  auto const time = seconds * 1000 + fraction;
  if (time > latest_caption) return std::nullopt;
  text = rest;
  return is_negative ? -time : time;
}

std::optional<TimeLine> time_line(std::string_view line) {
  constexpr std::array<std::string_view, 2> arrows{"-->", "->"};
  auto const from = take_clock(line);
  if (!from) return std::nullopt;
  skip_blanks(line);
  auto const arrow =
      std::find_if(arrows.begin(), arrows.end(), [&](auto const& candidate) { return line.starts_with(candidate); });
  if (arrow == arrows.end()) return std::nullopt;
  line.remove_prefix(arrow->size());
  auto const to = take_clock(line);
  if (!to) return std::nullopt;
  skip_blanks(line);
  return TimeLine{*from, *to, line};
}

std::string caption_clock(std::int64_t milliseconds, char point) {
  auto const time = std::max<std::int64_t>(0, milliseconds);
  return fmt::format("{:02}:{:02}:{:02}{}{:03}", time / 3'600'000, time / 60'000 % 60, time / 1000 % 60, point, time % 1000);
}

}  // namespace reelmill
