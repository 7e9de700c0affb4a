// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/lag_finder.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace reelmill {

namespace {
constexpr std::size_t length = 2 * LagFinder::window;
constexpr double bin = static_cast<double>(compared_rate) / length;     // Hz
constexpr double lowest = 150, low = 300, high = 3400, highest = 3800;  // Hz: the band, and where it has faded out
constexpr auto smoothing = static_cast<std::size_t>(60 / bin);          // bins to either side
constexpr std::size_t own = 16;                                         // samples around a peak that are its own
constexpr std::size_t apart = 8;                                        // samples between two peaks

double rise(double from, double to, double at) {
  double const part = std::clamp((at - from) / (to - from), 0.0, 1.0);
  return 0.5 - 0.5 * std::cos(std::numbers::pi * part);
}
}  // namespace

Result<LagFinder> LagFinder::open() { return LagFinder(TRY(av::Fourier::open(length))); }

LagFinder::LagFinder(av::Fourier fourier)
    : fourier_(std::move(fourier)), taper_(window), band_(fourier_.bins()), x_(length), y_(length) {
  constexpr double edge = window / 8.0;
  for (std::size_t i = 0; i < window; ++i) {
    auto const from_end = static_cast<double>(std::min(i, window - 1 - i)) + 0.5;
    taper_[i] = static_cast<float>(rise(0, edge, from_end));
  }
  for (std::size_t i = 0; i < band_.size(); ++i) {
    double const hertz = bin * static_cast<double>(i);
    band_[i] = static_cast<float>(rise(lowest, low, hertz) * (1 - rise(high, highest, hertz)));
  }
}

void LagFinder::whiten(av::Fourier::Spectrum& spectrum) {
  auto const size = spectrum.size();
  sums_.resize(size + 1);
  sums_[0] = 0;
  for (std::size_t i = 0; i < size; ++i) sums_[i + 1] = sums_[i] + std::norm(spectrum[i]);
  auto const floor = 1e-9 * sums_[size] / static_cast<double>(size);
  for (std::size_t i = 0; i < size; ++i) {
    auto const from = i > smoothing ? i - smoothing : 0, to = std::min(size, i + smoothing + 1);
    double const around = (sums_[to] - sums_[from]) / static_cast<double>(to - from) + floor;
    spectrum[i] *= around > 0 ? band_[i] / static_cast<float>(std::sqrt(around)) : 0;
  }
}

LagFinder::Found LagFinder::find(Recording const& x, double at, Recording const& y, double lag, double rate) {
  Found found;
  std::fill(x_.begin(), x_.end(), 0.0F);
  std::fill(y_.begin(), y_.end(), 0.0F);
  found.energy = read_around(x, at, 1, window, x_.data() + furthest);
  found.other = read_around(y, at + lag, rate, window + 2 * furthest, y_.data());
  if (found.energy <= 0 || found.other <= 0) return found;
  for (std::size_t i = 0; i < window; ++i) x_[furthest + i] *= taper_[i];
  fourier_.forward(x_.data(), x_spectrum_);
  fourier_.forward(y_.data(), y_spectrum_);
  whiten(x_spectrum_);
  whiten(y_spectrum_);
  for (std::size_t i = 0; i < x_spectrum_.size(); ++i) x_spectrum_[i] = std::conj(x_spectrum_[i]) * y_spectrum_[i];
  fourier_.backward(x_spectrum_, correlation_);
  found.peaks = peaks(lag);
  return found;
}

std::vector<Peak> LagFinder::peaks(double lag) const {
  constexpr auto all = 2 * furthest + 1;
  std::vector<float> near(all);
  for (std::size_t i = 0; i < all; ++i) near[i] = correlation_[(i + length - furthest) % length];
  std::vector<std::size_t> tops;
  for (std::size_t i = 1; i + 1 < all; ++i)
    if (near[i] > 0 && near[i] >= near[i - 1] && near[i] > near[i + 1]) tops.push_back(i);
  std::sort(tops.begin(), tops.end(), [&](auto a, auto b) { return near[a] > near[b]; });
  std::vector<Peak> out;
  if (tops.empty()) return out;
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < all; ++i) {
    if (i + own >= tops[0] && i <= tops[0] + own) continue;
    sum += static_cast<double>(near[i]) * near[i];
    ++count;
  }
  double const rest = std::sqrt(sum / static_cast<double>(count));
  if (rest <= 0) return out;
  std::vector<std::size_t> taken;
  for (auto const top : tops) {
    if (out.size() == most_peaks) break;
    bool const is_near =
        std::any_of(taken.begin(), taken.end(), [&](auto other) { return (top > other ? top - other : other - top) < apart; });
    if (is_near) continue;
    taken.push_back(top);
    double const before = near[top - 1], here = near[top], after = near[top + 1];
    double const bend = before - 2 * here + after;
    double const part = bend < 0 ? std::clamp(0.5 * (before - after) / bend, -0.5, 0.5) : 0;
    double const samples = static_cast<double>(top) + part - static_cast<double>(furthest);
    out.push_back({lag + samples / compared_rate, here / rest});
  }
  return out;
}

}  // namespace reelmill
