// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/onsets.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "av/fourier.h"

namespace reelmill {

namespace {
constexpr std::size_t window = 256, hop = compared_rate / Onsets::rate;
constexpr std::array<double, Onsets::bands + 1> edges{300, 450, 620, 830, 1080, 1400, 1850, 2500, 3400};  // Hz
constexpr std::size_t half_second = Onsets::rate / 2;
constexpr std::size_t loudness_span = 10 * Onsets::rate;  // to either side
constexpr double least_loudness = 0.1;                    // of the whole recording's: what is softer is not raised

// The mean of what lies within `reach` to either side of each value.
std::vector<float> moving_mean(std::vector<float> const& values, std::size_t reach) {
  std::vector<double> sums(values.size() + 1, 0);
  for (std::size_t i = 0; i < values.size(); ++i) sums[i + 1] = sums[i] + values[i];
  std::vector<float> out(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto const from = i > reach ? i - reach : 0, to = std::min(values.size(), i + reach + 1);
    out[i] = static_cast<float>((sums[to] - sums[from]) / static_cast<double>(to - from));
  }
  return out;
}

// Energies become how far they rise above or fall below their surroundings.
void contrast(std::vector<float>& energies) {
  double sum = 0;
  for (auto const value : energies) sum += value;
  auto const least = static_cast<float>(least_loudness * sum / static_cast<double>(std::max<std::size_t>(1, energies.size())));
  auto const loudness = moving_mean(energies, loudness_span);
  for (std::size_t i = 0; i < energies.size(); ++i) {
    auto const base = std::max(loudness[i], least);
    energies[i] = base > 0 ? std::log1p(energies[i] / base) : 0;
  }
  auto const mean = moving_mean(energies, half_second);
  for (std::size_t i = 0; i < energies.size(); ++i) energies[i] -= mean[i];
}
}  // namespace

Result<Onsets> onsets_of(Recording const& recording) {
  auto fourier = TRY(av::Fourier::open(window));
  std::array<float, window> shape{}, piece{};
  for (std::size_t i = 0; i < window; ++i)
    shape[i] = static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / window));
  std::array<std::size_t, Onsets::bands + 1> bins{};
  for (std::size_t i = 0; i < bins.size(); ++i)
    bins[i] = static_cast<std::size_t>(std::lround(edges[i] * window / compared_rate));

  Onsets out;
  auto const& samples = recording.samples;
  auto const count = samples.size() / hop;
  for (auto& band : out.values) band.resize(count);
  av::Fourier::Spectrum spectrum;
  for (std::size_t at = 0; at < count; ++at) {
    // The window's middle is the middle of the hop.
    auto const first = static_cast<std::int64_t>(at * hop + hop / 2) - static_cast<std::int64_t>(window / 2);
    for (std::size_t i = 0; i < window; ++i) {
      auto const place = first + static_cast<std::int64_t>(i);
      bool const is_there = place >= 0 && place < static_cast<std::int64_t>(samples.size());
      piece[i] = is_there ? shape[i] * static_cast<float>(samples[static_cast<std::size_t>(place)]) : 0;
    }
    fourier.forward(piece.data(), spectrum);
    for (std::size_t band = 0; band < Onsets::bands; ++band) {
      float energy = 0;
      for (auto bin = bins[band]; bin < bins[band + 1]; ++bin) energy += std::norm(spectrum[bin]);
      out.values[band][at] = energy;
    }
  }
  for (auto& band : out.values) contrast(band);
  return out;
}

}  // namespace reelmill
