// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/loudness_curve.h"

#include <algorithm>
#include <cmath>

#include "speech/windows.h"

namespace reelmill::speech {

namespace {
constexpr std::int64_t step = 10;      // ms
constexpr double floor_power = 1e-9;   // -90 dB
constexpr double least_rise = 6;       // dB over 40 ms
constexpr double below_loudest = 30;   // dB: what is softer than that is not heard beside it
constexpr double nearly_loudest = 12;  // dB: a sound that is so loud has begun
constexpr double above_before = 6;     // dB
}  // namespace

LoudnessCurve::LoudnessCurve(std::span<float const> sound) {
  constexpr auto samples = static_cast<std::size_t>(step * samples_of_ms);
  std::vector<double> power((sound.size() + samples - 1) / samples, 0);
  for (std::size_t i = 0; i < power.size(); ++i) {
    auto const part = sound.subspan(i * samples, std::min(samples, sound.size() - i * samples));
    for (float const sample : part) power[i] += static_cast<double>(sample) * sample;
    power[i] /= static_cast<double>(part.size());
  }
  decibels_.resize(power.size());
  for (std::size_t i = 0; i < power.size(); ++i) {
    double const before = i > 0 ? power[i - 1] : power[i], after = i + 1 < power.size() ? power[i + 1] : power[i];
    decibels_[i] = static_cast<float>(10 * std::log10(floor_power + (before + 2 * power[i] + after) / 4));
  }
}

double LoudnessCurve::at(std::int64_t ms) const {
  if (decibels_.empty()) return -90;
  return decibels_[static_cast<std::size_t>(
      std::clamp<std::int64_t>(ms / step, 0, static_cast<std::int64_t>(decibels_.size()) - 1))];
}

std::int64_t LoudnessCurve::rise_near(std::int64_t ms, std::int64_t reach) const {
  double best = least_rise;
  auto found = ms;
  for (auto at = std::max<std::int64_t>(0, ms - reach); at <= ms + reach; at += step) {
    double const rise = this->at(at + 2 * step) - this->at(at - 2 * step);
    if (rise > best) {
      best = rise;
      found = at;
    }
  }
  return found;
}

std::int64_t LoudnessCurve::first_sound(std::int64_t from, std::int64_t to) const {
  double loudest = -90;
  for (auto ms = from; ms < to; ms += step) loudest = std::max(loudest, at(ms));
  double const enough = std::max(loudest - below_loudest, std::min(at(from) + above_before, loudest - nearly_loudest));
  for (auto ms = from; ms < to; ms += step)
    if (at(ms) >= enough) return ms;
  return from;
}

std::int64_t LoudnessCurve::last_sound(std::int64_t from, std::int64_t to) const {
  double loudest = -90;
  for (auto ms = from; ms < to; ms += step) loudest = std::max(loudest, at(ms));
  double const enough = std::max(loudest - below_loudest, std::min(at(to - step) + above_before, loudest - nearly_loudest));
  for (auto ms = to - step; ms >= from; ms -= step)
    if (at(ms) >= enough) return std::min(to, ms + step);
  return to;
}

}  // namespace reelmill::speech
