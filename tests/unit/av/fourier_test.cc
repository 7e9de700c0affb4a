// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/fourier.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace reelmill::av {
namespace {

TEST(Fourier, FindsATone) {
  auto fourier = Fourier::open(1024);
  ASSERT_TRUE(fourier);
  std::vector<float> tone(1024);
  for (std::size_t i = 0; i < tone.size(); ++i)
    tone[i] = static_cast<float>(std::cos(2 * std::numbers::pi * 37 * static_cast<double>(i) / 1024));
  Fourier::Spectrum spectrum;
  fourier->forward(tone.data(), spectrum);
  ASSERT_EQ(spectrum.size(), 513U);
  for (std::size_t bin = 0; bin < spectrum.size(); ++bin) EXPECT_NEAR(std::abs(spectrum[bin]), bin == 37 ? 512 : 0, 0.01) << bin;
}

TEST(Fourier, ComesBackToWhatItWas) {
  for (std::size_t const length : {256U, 16384U, 32768U}) {
    auto fourier = Fourier::open(length);
    ASSERT_TRUE(fourier);
    std::vector<float> before(length), after;
    for (std::size_t i = 0; i < length; ++i) before[i] = static_cast<float>((i * 7919 % 1000) / 1000.0 - 0.5);
    Fourier::Spectrum spectrum;
    fourier->forward(before.data(), spectrum);
    auto const kept = spectrum;
    fourier->backward(spectrum, after);
    EXPECT_EQ(spectrum, kept);
    for (std::size_t i = 0; i < length; ++i) ASSERT_NEAR(before[i], after[i], 1e-4);
  }
}

}  // namespace
}  // namespace reelmill::av
