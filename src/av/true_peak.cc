// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/true_peak.h"

#include <algorithm>
#include <cmath>

#include "av/sinc.h"

namespace reelmill::av {

namespace {
constexpr double window_shape = 8;   // of Kaiser's window: ripples below 80 dB
constexpr std::size_t block = 64;    // samples worked on together
constexpr std::size_t piece = 4096;  // samples worth beginning for
}  // namespace

TruePeak::TruePeak() {
  auto const half = static_cast<double>(reach);
  for (std::size_t phase = 0; phase < phases; ++phase) {
    double const at = static_cast<double>(phase + 1) / 4;
    double sum = 0, magnitude = 0;
    std::array<double, 2 * reach> taps{};
    for (std::size_t k = 0; k < 2 * reach; ++k) {
      double const from = static_cast<double>(k) - (half - 1) - at;
      taps[k] = windowed_sinc(from, half, window_shape);
      sum += taps[k];
    }
    for (std::size_t k = 0; k < 2 * reach; ++k) {
      taps_[phase][k] = static_cast<float>(taps[k] / sum);
      magnitude += std::abs(taps[k] / sum);
    }
    most_ = std::max(most_, static_cast<float>(magnitude));
  }
}

void TruePeak::raise(std::span<float const> samples, float floor, std::span<float> peaks) const {
  for (std::size_t from = 0; from < peaks.size(); from += block) {
    auto const count = std::min(block, peaks.size() - from);
    auto const around = samples.subspan(from, count + 2 * reach);
    float largest = 0;
    for (auto const sample : around) largest = std::max(largest, std::abs(sample));
    // What lies between each sample and the next, beginning with that before the first.
    std::array<float, block + 1> between{};
    bool const is_near = largest * most_ > floor;
    for (auto const& taps : std::span(taps_).first(is_near ? phases : 0)) {
      std::array<float, block + 1> sums{};
      for (std::size_t k = 0; k < 2 * reach; ++k) {
        float const tap = taps[k];
        float const* const in = around.data() + k;
        for (std::size_t i = 0; i <= count; ++i) sums[i] += tap * in[i];
      }
      for (std::size_t i = 0; i <= count; ++i) between[i] = std::max(between[i], std::abs(sums[i]));
    }
    for (std::size_t i = 0; i < count; ++i)
      peaks[from + i] = std::max({peaks[from + i], std::abs(around[reach + i]), between[i], between[i + 1]});
  }
}

TruePeaks::TruePeaks(int channels, float not_looked_at)
    : in_(static_cast<std::size_t>(channels), std::vector<float>(TruePeak::reach)), not_looked_at_(not_looked_at) {}

void TruePeaks::add(AVFrame const& frame, Take const& take) {
  for (std::size_t channel = 0; channel < in_.size(); ++channel) {
    auto const* data = reinterpret_cast<float const*>(frame.extended_data[channel]);
    in_[channel].insert(in_[channel].end(), data, data + frame.nb_samples);
  }
  work(piece, take);
}

void TruePeaks::finish(Take const& take) {
  for (auto& channel : in_) channel.resize(channel.size() + TruePeak::reach);
  work(1, take);
}

void TruePeaks::work(std::size_t least, Take const& take) {
  auto const there = in_.front().size();
  if (there < least + 2 * TruePeak::reach) return;
  auto const count = there - 2 * TruePeak::reach;
  peaks_.assign(count, 0);
  for (auto const& channel : in_) true_peak_.raise(channel, largest_ * not_looked_at_, peaks_);
  for (auto& channel : in_) channel.erase(channel.begin(), channel.begin() + static_cast<std::ptrdiff_t>(count));
  largest_ = std::max(largest_, *std::max_element(peaks_.begin(), peaks_.end()));
  take(peaks_);
}

}  // namespace reelmill::av
