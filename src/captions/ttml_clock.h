// SPDX-License-Identifier: GPL-3.0-or-later
// Time expressions of TTML: "00:00:01.5", "00:00:01:12", "12f", "90000t", "1.5s".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace reelmill {

struct TtmlClock {
  double nominal_rate = 30, multiplier = 1, sub_frames = 1;
  double tick_rate = 1;
  bool is_smpte = false;  // frames are counted from 0, not seconds kept
  enum class Drop { none, ntsc, pal } drop = Drop::none;

  // Milliseconds; nothing: no time, or one that is later than latest_caption.
  std::optional<std::int64_t> time(std::string_view text) const;
};

}  // namespace reelmill
