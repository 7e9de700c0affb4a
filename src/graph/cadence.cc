// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/cadence.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace reelmill {

namespace {

constexpr std::array<int, 18> whole_rates{24, 25, 30, 50, 60, 48, 15, 12, 10, 20, 100, 120, 90, 72, 240, 200, 5, 1};

bool lies_on(std::span<std::int64_t const> times, Rational time_base, Rational rate) {
  if (rate.num <= 0) return false;
  // Ticks from frame to frame; every time was rounded, the first one too.
  auto const step = static_cast<long double>(rate.den) * time_base.den / (static_cast<long double>(rate.num) * time_base.num);
  if (step < 1) return false;
  for (std::size_t i = 0; i < times.size(); ++i)
    if (std::abs(static_cast<long double>(times[i] - times[0]) - step * static_cast<long double>(i)) > 1.001L) return false;
  return true;
}

// Numerator and denominator may be products of large numbers; the nearest fraction of 31 bits is near enough.
Rational mean_rate(std::int64_t intervals, std::int64_t ticks, Rational time_base) {
  auto const rate = static_cast<double>(static_cast<long double>(intervals) * time_base.den /
                                        (static_cast<long double>(ticks) * time_base.num));
  if (!(rate > 1e-6 && rate < 1e9)) return Rational(0);
  std::int64_t const scale = rate < 1000 ? 1'000'000 : 1000;
  return Rational(std::llround(rate * static_cast<double>(scale)), scale);
}

}  // namespace

Cadence cadence_of(std::span<std::int64_t const> times, Rational time_base, std::span<Rational const> claims) {
  Cadence found;
  if (times.size() < 2) return found;
  auto least = times[1] - times[0], most = least;
  for (std::size_t i = 1; i < times.size(); ++i) {
    least = std::min(least, times[i] - times[i - 1]);
    most = std::max(most, times[i] - times[i - 1]);
  }
  found.shortest = static_cast<double>(least) * time_base.value();
  found.longest = static_cast<double>(most) * time_base.value();

  for (auto const claim : claims)
    if (lies_on(times, time_base, claim)) return found.rate = claim, found;
  for (auto const rate : whole_rates)
    for (auto const candidate : {Rational(rate), Rational(rate * 1000, 1001)})
      if (lies_on(times, time_base, candidate)) return found.rate = candidate, found;
  found.rate = mean_rate(static_cast<std::int64_t>(times.size()) - 1, times.back() - times.front(), time_base);
  found.varies = most - least > 1;
  return found;
}

}  // namespace reelmill
