// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/sinc.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace reelmill::av {
namespace {

TEST(Sinc, OnASampleIsThatSample) {
  std::array<float, Sinc::taps> weights{};
  Sinc().weights(0, weights);
  for (std::size_t tap = 0; tap < Sinc::taps; ++tap) EXPECT_NEAR(weights[tap], tap == Sinc::half - 1 ? 1 : 0, 1e-6);
}

TEST(Sinc, ReadsTonesBetweenTheirSamples) {
  Sinc const sinc;
  std::array<float, Sinc::taps> weights{};
  for (double const cycles : {0.001, 0.1, 0.25, 0.42})  // a sample
    for (double const part : {0.01, 0.25, 0.5, 0.777}) {
      sinc.weights(part, weights);
      double sum = 0;
      for (std::size_t tap = 0; tap < Sinc::taps; ++tap)
        sum += weights[tap] * std::cos(2 * std::numbers::pi * cycles * (static_cast<double>(tap) - (Sinc::half - 1)));
      EXPECT_NEAR(sum, std::cos(2 * std::numbers::pi * cycles * part), 2e-4) << cycles << " " << part;
    }
}

}  // namespace
}  // namespace reelmill::av
