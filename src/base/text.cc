// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/ascii.h"

namespace reelmill {

namespace {

// Damerau-Levenshtein with adjacent swaps ("optimal string alignment").
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string folded(std::string_view text) {
  std::string out;
  for (char const c : text) out += c == '-' || c == ' ' ? '_' : lower_case(c);
  return out;
}

// Length of the UTF-8 sequence at the front of `text`, and its code point; 0 when it is not one.
std::size_t sequence(std::string_view text, char32_t& point) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return point = byte(0), 1;
  std::size_t const length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < length) return 0;
  point = byte(0) & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  bool const surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < least[length] || point > 0x10ffff || surrogate ? 0 : length;
}

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x200e && point <= 0x200f) ||
         (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

template <class Allowed>
std::string cleaned(std::string_view text, char substitute, Allowed const& allowed) {
  std::string out;
  while (!text.empty()) {
    char32_t point = 0;
    auto const length = sequence(text, point);
    if (length > 0 && !is_control(point) && allowed(point))
      out += text.substr(0, length);
    else
      out += substitute;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace

std::optional<std::string_view> closest(std::string_view name, std::span<std::string_view const> candidates) {
  std::optional<std::string_view> best;
  auto const wanted = folded(name.substr(0, 64));
  std::size_t least = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (auto const candidate : candidates) {
    auto const other = folded(candidate);
    bool const prefix = wanted.size() >= 3 && other.starts_with(wanted);
    if (auto const far = prefix ? std::min<std::size_t>(1, distance(wanted, other)) : distance(wanted, other); far < least) {
      least = far;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, std::span<std::string_view const> candidates) {
  auto const near = closest(name, candidates);
  return near ? fmt::format(", did you mean '{}'?", *near) : "";
}

std::string human_bytes(std::int64_t bytes) {
  if (bytes > -1000 && bytes < 1000) return fmt::format("{} B", bytes);
  constexpr std::array units{"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (std::abs(value) >= 999.95 && unit + 1 < units.size()) value /= 1000, ++unit;
  return fmt::format("{:.1f} {}", value, units[unit]);
}

std::string human_duration(double seconds) {
  if (!std::isfinite(seconds)) return "unknown";
  if (seconds < 0) return fmt::format("-{}", human_duration(-seconds));
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  auto const whole = std::llround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  auto const minutes = std::llround(seconds / 60);
  return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

std::string shortest(double number) { return fmt::format("{}", number == 0 ? 0.0 : number); }

std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  auto const* const last = text.data() + text.size();
  auto const [end, failure] = std::from_chars(text.data(), last, value);
  if (text.empty() || failure != std::errc{} || end != last || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t value = 0;
  auto const* const last = text.data() + text.size();
  auto const [end, failure] = std::from_chars(text.data(), last, value);
  if (text.empty() || failure != std::errc{} || end != last) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    auto const end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  auto const first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string join(std::span<std::string const> parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

bool is_utf8(std::string_view text) {
  char32_t point = 0;
  while (!text.empty()) {
    auto const length = sequence(text, point);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t utf8_length(std::string_view text) {
  char32_t point = 0;
  return sequence(text, point);
}

std::string printable(std::string_view text) {
  return cleaned(text, '?', [](char32_t) { return true; });
}

std::string safe_name_part(std::string_view text) {
  auto out = cleaned(text, '_', [](char32_t point) { return point != '/' && point != '\\'; });
  out.erase(0, std::min(out.find_first_not_of(".- "), out.size()));
  if (out.size() > 200) {
    std::size_t end = 200;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;
    out.resize(end);
  }
  return out.empty() ? "_" : out;
}

}  // namespace reelmill
