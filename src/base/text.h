// SPDX-License-Identifier: GPL-3.0-or-later
// Text as people read and write it. Nothing here depends on the locale.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reelmill {

// The candidate that someone who wrote `name` most likely meant; nothing when none is near. For "did you mean".
std::optional<std::string_view> closest(std::string_view name, std::span<std::string_view const> candidates);
// "did you mean 'x'?" with a comma and a space before it, or nothing.
std::string did_you_mean(std::string_view name, std::span<std::string_view const> candidates);

// "512 B", "1.4 GB" (powers of 1000).
std::string human_bytes(std::int64_t bytes);
// "0.4 s", "12 s", "3 min 05 s", "1 h 02 min".
std::string human_duration(double seconds);
// Shortest text that reads back as the same number: "0.05", "30".
std::string shortest(double number);
// All of `text` as a number; nothing for anything else, infinities and NaN included.
std::optional<double> parse_number(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);

// The views point into `text`.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string join(std::span<std::string const> parts, std::string_view separator);

bool is_utf8(std::string_view text);
// Bytes of the UTF-8 character at the front of `text`, which is not empty; 0 when there is none.
std::size_t utf8_length(std::string_view text);
// For messages: control characters, also those of UTF-8 that reorder text, and invalid bytes become '?'.
std::string printable(std::string_view text);
// For one part of a path made from someone's text: no separators, control characters or invalid UTF-8, no leading dots,
// dashes or blanks, at most 200 bytes, never empty.
std::string safe_name_part(std::string_view text);

}  // namespace reelmill
