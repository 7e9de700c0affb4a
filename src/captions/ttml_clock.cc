// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/ttml_clock.h"

#include <array>
#include <cmath>
#include <vector>

#include "base/text.h"
#include "captions/caption_file.h"

namespace reelmill {

namespace {

std::optional<double> positive(std::string_view text) {
  auto const number = parse_number(text);
  return number && *number >= 0 && *number < 1e12 ? number : std::nullopt;
}

std::optional<std::int64_t> milliseconds(double seconds) {
  double const exact = seconds * 1000;
  if (!std::isfinite(exact) || exact < 0 || exact > static_cast<double>(latest_caption)) return std::nullopt;
  return std::llround(exact);
}

// Frame numbers that drop-frame counting has left out up to the minute.
double dropped(TtmlClock::Drop drop, double minutes) {
  if (drop == TtmlClock::Drop::ntsc) return 2 * (minutes - std::floor(minutes / 10));
  if (drop == TtmlClock::Drop::pal) return 4 * (std::floor(minutes / 2) - std::floor(minutes / 20));
  return 0;
}

}  // namespace

std::optional<std::int64_t> TtmlClock::time(std::string_view text) const {
  text = trim(text);
  double const rate = nominal_rate * multiplier;
  if (text.find(':') == std::string_view::npos) {
    auto const end = text.find_first_not_of("0123456789.");
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    auto const number = positive(text.substr(0, end));
    auto const metric = text.substr(end);
    if (!number) return std::nullopt;
    if (metric == "h") return milliseconds(*number * 3600);
    if (metric == "m") return milliseconds(*number * 60);
    if (metric == "s") return milliseconds(*number);
    if (metric == "ms") return milliseconds(*number / 1000);
    if (metric == "f") return milliseconds(*number / rate);
    if (metric == "t") return milliseconds(*number / tick_rate);
    return std::nullopt;
  }
  auto const parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 4) return std::nullopt;
  std::vector<double> values;
  double frames = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i == 3) {
      auto const halves = split(parts[i], '.');
      auto const whole = positive(halves[0]);
      auto const part = halves.size() > 1 ? positive(halves[1]) : std::optional(0.0);
      if (!whole || !part) return std::nullopt;
      frames = *whole + *part / sub_frames;
      break;
    }
    auto const value = positive(parts[i]);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  if (values.size() == 2) values.insert(values.begin(), 0);
  double const minutes = values[0] * 60 + values[1], seconds = minutes * 60 + values[2];
  if (!is_smpte) return milliseconds(seconds + frames / rate);
  return milliseconds((seconds * nominal_rate + frames - dropped(drop, minutes)) / rate);
}

}  // namespace reelmill
