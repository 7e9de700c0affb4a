// SPDX-License-Identifier: GPL-3.0-or-later
// Times as caption files write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reelmill {

// "01:02:03,456", "2:03.4", "-00:00:01,000", "00:00:01:000", blanks among them: milliseconds; what was read is taken from the
// front of `text`. Nothing: there is no time there, or it is later than latest_caption.
std::optional<std::int64_t> take_clock(std::string_view& text);

// "00:00:01,000 --> 00:00:02,000 …": what SubRip and WebVTT have before each text.
struct TimeLine {
  std::int64_t from = 0, to = 0;
  std::string_view rest;
};
std::optional<TimeLine> time_line(std::string_view line);

// "01:02:03,456"; before 0 it is 0.
std::string caption_clock(std::int64_t milliseconds, char point);

}  // namespace reelmill
