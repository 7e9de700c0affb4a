// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/note_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace reelmill::speech {

std::string clock_text(std::int64_t ms) {
  auto const hours = ms / 3'600'000, minutes = ms / 60'000 % 60;
  auto const rest = fmt::format("{:02}:{:02}.{:03}", minutes, ms / 1000 % 60, ms % 1000);
  return hours > 0 ? fmt::format("{}:{}", hours, rest) : rest;
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace reelmill::speech
