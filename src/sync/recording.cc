// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/recording.h"

#include <cmath>

namespace reelmill {

double read_around(Recording const& recording, double middle, double rate, std::size_t count, float* out) {
  auto const& from = recording.samples;
  auto const size = static_cast<std::int64_t>(from.size());
  auto const sample = [&](std::int64_t at) -> float {
    return at >= 0 && at < size ? static_cast<float>(from[static_cast<std::size_t>(at)]) : 0.0F;
  };
  double const first = middle * compared_rate - rate * static_cast<double>(count / 2);
  bool const is_exact = rate == 1 && first == std::floor(first);
  double energy = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double const place = first + rate * static_cast<double>(i);
    auto const whole = static_cast<std::int64_t>(std::floor(place));
    float value = sample(whole);
    if (!is_exact) {
      auto const part = static_cast<float>(place - static_cast<double>(whole));
      float const a = sample(whole - 1), b = value, c = sample(whole + 1), d = sample(whole + 2);
      value = b + part * (0.5F * (c - a) + part * (a - 2.5F * b + 2 * c - 0.5F * d + part * (0.5F * (d - a) + 1.5F * (b - c))));
    }
    out[i] = value;
    energy += static_cast<double>(value) * value;
  }
  return count > 0 ? energy / static_cast<double>(count) : 0;
}

}  // namespace reelmill
