// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/cadence.h"

#include <array>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

std::vector<std::int64_t> grid(int frames, Rational rate, Rational time_base, std::int64_t first = 0) {
  std::vector<std::int64_t> times;
  for (int i = 0; i < frames; ++i) times.push_back(first + round(Rational(i) / rate / time_base));
  return times;
}

TEST(Cadence, RatesAreExactOnEveryClock) {
  for (Rational const base : {Rational(1, 90000), Rational(1, 1000), Rational(1, 15360), Rational(1, 600)})
    for (Rational const rate : {Rational(24000, 1001), Rational(24), Rational(25), Rational(30000, 1001), Rational(30),
                                Rational(50), Rational(60000, 1001), Rational(60), Rational(120)}) {
      if (base.den == 600 && rate.den == 1001) continue;  // too coarse to tell
      auto const times = grid(400, rate, base, 1234);
      auto const found = cadence_of(times, base, {});
      EXPECT_EQ(to_string(found.rate), to_string(rate)) << to_string(base);
      EXPECT_FALSE(found.varies);
      EXPECT_NEAR(found.longest, 1 / rate.value(), base.value() * 1.01);
    }
}

TEST(Cadence, AClaimDecidesWhatTheTimesCannot) {
  std::vector<std::int64_t> const two{0, 42};  // on a clock of milliseconds
  std::array const film{Rational(24000, 1001)}, wrong{Rational(30)};
  EXPECT_EQ(to_string(cadence_of(two, Rational(1, 1000), film).rate), "24000/1001");
  EXPECT_EQ(to_string(cadence_of(two, Rational(1, 1000), wrong).rate), "24");
}

TEST(Cadence, AMissingFrameIsAVariableRate) {
  auto times = grid(100, Rational(30), Rational(1, 90000));
  times.erase(times.begin() + 40);
  auto const found = cadence_of(times, Rational(1, 90000), {});
  EXPECT_TRUE(found.varies);
  EXPECT_NEAR(found.longest, 2 / 30.0, 1e-4);
  EXPECT_NEAR(found.rate.value(), 98 / (99 / 30.0), 0.01);
}

TEST(Cadence, AnUnusualRateThatIsSteady) {
  auto const found = cadence_of(grid(50, Rational(1750, 100), Rational(1, 3500)), Rational(1, 3500), {});
  EXPECT_FALSE(found.varies);
  EXPECT_NEAR(found.rate.value(), 17.5, 1e-6);
}

TEST(Cadence, FewOrHostileTimes) {
  EXPECT_EQ(cadence_of({}, Rational(1, 1000), {}).rate.num, 0);
  std::vector<std::int64_t> const one{5}, far{-(std::int64_t{1} << 52), std::int64_t{1} << 52}, near{0, 1, 2};
  EXPECT_EQ(cadence_of(one, Rational(1, 1000), {}).rate.num, 0);
  EXPECT_EQ(cadence_of(far, Rational(1, 1), {}).rate.num, 0);
  EXPECT_GT(cadence_of(near, Rational(1, 1'000'000), {}).rate.value(), 9e5);
}

}  // namespace
}  // namespace reelmill
