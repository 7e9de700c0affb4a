// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/weights.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

// Ten frames of half a second; the time stamps do not begin at 0.
SourceAnalysis analysis() {
  SourceAnalysis out;
  for (int i = 0; i < 10; ++i) out.pts.push_back(1000 + i * 50);
  out.end = 1500;
  return out;
}
Rational const tick(1, 100);

TEST(Weights, ASpanCoversTheFramesThatBeginInIt) {
  EXPECT_EQ(weights_of({.from = 1, .to = 2.2}, analysis(), tick),
            (std::vector<std::int32_t>{0, 0, 65536, 65536, 65536, 0, 0, 0, 0, 0}));
  EXPECT_EQ(weights_of({.from = 4, .strength = 0.5}, analysis(), tick),
            (std::vector<std::int32_t>{0, 0, 0, 0, 0, 0, 0, 0, 32768, 32768}));
}

TEST(Weights, AFadeBeginsAndEndsWithNothing) {
  EXPECT_EQ(weights_of({.fade_in = 1, .fade_out = 2}, analysis(), tick),
            (std::vector<std::int32_t>{0, 32768, 65536, 65536, 65536, 65536, 49152, 32768, 16384, 0}));
  EXPECT_EQ(weights_of({.fade_in = 1, .fade_out = 2, .inverted = true}, analysis(), tick),
            (std::vector<std::int32_t>{65536, 32768, 0, 0, 0, 0, 16384, 32768, 49152, 65536}));
}

TEST(Weights, TimesAreThoseOfTheFilm) {
  // Twice as fast: the film lasts 2.5 s.
  EXPECT_EQ(weights_of({.from = 1, .to = 2.2}, analysis(), tick / Rational(2)),
            (std::vector<std::int32_t>{0, 0, 0, 0, 65536, 65536, 65536, 65536, 65536, 0}));
}

}  // namespace
}  // namespace reelmill
