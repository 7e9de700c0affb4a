// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/sound_outline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <deque>

#include "av/limiter.h"

namespace reelmill::av {

namespace {

constexpr std::size_t tenth = 100, block = 4;  // milliseconds; tenths of a second
constexpr double absolute_gate = -70, relative_gate = -10;

// av/limiter.h, a millisecond at a time.
class LimiterGains {
 public:
  explicit LimiterGains(double ceiling) : ceiling_(ceiling) {}

  // Of millisecond `at`, after all before it.
  template <class PeakAt>
  double next(std::size_t at, std::size_t count, PeakAt peak_at) {
    for (; seen_ < std::min(count, at + ahead); ++seen_) {
      double const need = ceiling_ / std::max(peak_at(seen_), 1e-9);
      if (need >= 1) continue;
      while (!needs_.empty() && needs_.back().gain >= need) needs_.pop_back();
      needs_.push_back({seen_, need});
    }
    while (!needs_.empty() && needs_.front().at < at) needs_.pop_front();
    held_ += (1 - held_) * comes_back_;
    if (!needs_.empty()) held_ = std::min(held_, needs_.front().gain);
    std::rotate(last_.rbegin(), last_.rbegin() + 1, last_.rend());
    last_.front() = held_;
    return (last_[0] + 2 * last_[1] + 3 * last_[2] + 2 * last_[3] + last_[4]) / 9;
  }

 private:
  struct Need {
    std::size_t at;
    double gain;
  };
  static constexpr auto ahead = static_cast<std::size_t>(Limiter::look_ahead * 1000 + 0.5);
  double const ceiling_;
  double const comes_back_ = 1 - std::exp(-1 / (Limiter::time_to_come_back * 1000));
  std::size_t seen_ = 0;
  std::deque<Need> needs_;
  double held_ = 1;
  std::array<double, ahead> last_{1, 1, 1, 1, 1};
};

std::optional<double> gated(std::vector<double> const& tenths) {
  std::vector<double> blocks;
  for (std::size_t i = 0; i + block <= tenths.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < block; ++k) sum += tenths[i + k];
    blocks.push_back(sum / block);
  }
  auto const mean_above = [&](double gate) -> std::optional<double> {
    double const least = std::pow(10, (gate - SoundOutline::weighting) / 10);
    double sum = 0;
    std::size_t count = 0;
    for (double const power : blocks)
      if (power >= least) sum += power, ++count;
    if (count == 0) return std::nullopt;
    return SoundOutline::weighting + 10 * std::log10(sum / static_cast<double>(count));
  };
  auto const loud = mean_above(absolute_gate);
  return loud ? mean_above(std::max(absolute_gate, *loud + relative_gate)) : std::nullopt;
}

}  // namespace

LoudnessForecast forecast_loudness(SoundOutline const& outline, GainShape const& shape, std::optional<double> ceiling) {
  auto const count = outline.power.size();
  double const even = shape.factor_at(0);
  auto const gain_at = [&](std::size_t i) {
    return shape.curve.empty() ? even : shape.factor_at((static_cast<double>(i) + 0.5) / 1000);
  };
  std::optional<LimiterGains> limiter;
  if (ceiling) limiter.emplace(factor_of(*ceiling));
  double lowest = 1;
  std::vector<double> tenths(count / tenth);
  for (std::size_t i = 0; i < tenths.size() * tenth; ++i) {
    double gain = gain_at(i);
    if (limiter) {
      double const limited = limiter->next(i, count, [&](std::size_t at) { return outline.peak[at] * gain_at(at); });
      lowest = std::min(lowest, limited);
      gain *= limited;
    }
    tenths[i / tenth] += outline.power[i] * gain * gain / tenth;
  }
  return {gated(tenths), -20 * std::log10(lowest)};
}

}  // namespace reelmill::av
