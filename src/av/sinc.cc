// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/sinc.h"

#include <cmath>
#include <numbers>

namespace reelmill::av {

namespace {
constexpr double beta = 8.5;

// Modified, of the first kind, order 0.
double bessel(double x) {
  double sum = 1, term = 1;
  for (int k = 1; term > 1e-12 * sum; ++k) {
    term *= (x / 2 / k) * (x / 2 / k);
    sum += term;
  }
  return sum;
}

}  // namespace

double windowed_sinc(double distance, double half, double beta) {
  double const share = distance / half;
  if (std::abs(share) >= 1) return 0;
  double const x = std::numbers::pi * distance;
  double const sinc = x == 0 ? 1 : std::sin(x) / x;
  return sinc * bessel(beta * std::sqrt(1 - share * share)) / bessel(beta);
}

Sinc::Sinc() : table_(phases + 1) {
  for (std::size_t phase = 0; phase <= phases; ++phase) {
    std::array<double, taps> row{};
    double sum = 0;
    for (std::size_t tap = 0; tap < taps; ++tap) {
      double const place = static_cast<double>(tap) - (half - 1);
      row[tap] = windowed_sinc(static_cast<double>(phase) / phases - place, half, beta);
      sum += row[tap];
    }
    for (std::size_t tap = 0; tap < taps; ++tap) table_[phase][tap] = static_cast<float>(row[tap] / sum);
  }
}

void Sinc::weights(double part, std::array<float, taps>& out) const {
  double const place = part * phases;
  auto const phase = static_cast<std::size_t>(place);
  auto const rest = static_cast<float>(place - static_cast<double>(phase));
  auto const &a = table_[phase], &b = table_[phase + 1];
  for (std::size_t tap = 0; tap < taps; ++tap) out[tap] = a[tap] + rest * (b[tap] - a[tap]);
}

}  // namespace reelmill::av
