// SPDX-License-Identifier: GPL-3.0-or-later
// Upper and lower case of the letters A to Z alone, whatever the locale; every other byte stays.
#pragma once

#include <string>
#include <string_view>

namespace reelmill {

constexpr char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char upper_case(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

inline std::string lower_case(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = lower_case(c);
  return out;
}

inline std::string upper_case(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = upper_case(c);
  return out;
}

}  // namespace reelmill
