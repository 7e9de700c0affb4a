// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/gain_shape.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace reelmill::av {

namespace {
constexpr std::size_t half_window = 15;              // tenths of a second from the end of 3 s to their middle
constexpr std::size_t smoothing = 5;                 // tenths to either side
constexpr double background = 20, most_change = 15;  // LU, dB
}  // namespace

double factor_of(double decibel) { return std::pow(10, decibel / 20); }

double GainShape::factor_at(double second) const {
  auto const whole = factor_of(gain);
  if (curve.empty()) return whole;
  auto const last = curve.size() - 1;
  auto const tenth = std::min(last, static_cast<std::size_t>(second * 10));
  double const from = factor_of(curve[tenth]), to = factor_of(curve[std::min(last, tenth + 1)]);
  return whole * (from + (to - from) * std::min(1.0, second * 10 - static_cast<double>(tenth)));
}

void GainShape::apply(AVFrame& frame, std::int64_t position) const {
  auto const whole = factor_of(gain);
  auto const scale = [&](int i, double factor) {
    for (int channel = 0; channel < frame.ch_layout.nb_channels; ++channel) {
      auto& sample = reinterpret_cast<float*>(frame.extended_data[channel])[i];
      sample = static_cast<float>(sample * factor);
    }
  };
  if (curve.empty()) {
    if (gain == 0) return;
    for (int channel = 0; channel < frame.ch_layout.nb_channels; ++channel) {
      auto* const data = reinterpret_cast<float*>(frame.extended_data[channel]);
      for (int i = 0; i < frame.nb_samples; ++i) data[i] = static_cast<float>(data[i] * whole);
    }
    return;
  }
  // The sample on a tenth of a second has its gain; between two, factors rise or fall evenly.
  std::int64_t const last = static_cast<std::int64_t>(curve.size()) - 1;
  std::int64_t tenth = -1;
  double from = 1, step = 0;
  for (int i = 0; i < frame.nb_samples; ++i) {
    double const at = static_cast<double>(position + i) * 10 / frame.sample_rate;
    auto const now = std::min(last, static_cast<std::int64_t>(at));
    if (now != tenth) {
      tenth = now;
      from = whole * factor_of(curve[static_cast<std::size_t>(now)]);
      step = whole * factor_of(curve[static_cast<std::size_t>(std::min(last, now + 1))]) - from;
    }
    scale(i, from + step * std::min(1.0, at - static_cast<double>(tenth)));
  }
}

std::vector<float> curve_towards(double middle, double left, std::vector<float> const& short_term) {
  auto const count = short_term.size();
  std::vector<double> wanted(count);
  auto const change_at = [&](std::size_t tenth) -> double {
    double const loudness = short_term[std::min(count - 1, tenth + half_window)];
    if (!(loudness > middle - background)) return NAN;
    return std::clamp((loudness - middle) * (left - 1), -most_change, most_change);
  };
  double held = NAN;
  for (std::size_t i = 0; i < count; ++i) {
    if (double const change = change_at(i); !std::isnan(change)) held = change;
    wanted[i] = held;
  }
  // What comes before the first is as the first.
  auto const first = std::find_if(wanted.begin(), wanted.end(), [](double change) { return !std::isnan(change); });
  if (first == wanted.end()) return {};
  std::fill(wanted.begin(), first, *first);
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto const from = i > smoothing ? i - smoothing : 0, to = std::min(count, i + smoothing + 1);
    double sum = 0;
    for (auto k = from; k < to; ++k) sum += wanted[k];
    out[i] = static_cast<float>(sum / static_cast<double>(to - from));
  }
  return out;
}

}  // namespace reelmill::av
