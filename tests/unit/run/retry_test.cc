// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/retry.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

TEST(Retry, WaitsFourTimesLongerGiveOrTakeAQuarter) {
  std::set<double> seen;
  for (int i = 0; i < 1000; ++i)
    for (int failures = 1; failures <= 3; ++failures) {
      auto const id = "work " + std::to_string(i);
      double const seconds = seconds_before_retry(id, failures, {.delay = 2});
      double const middle = failures == 1 ? 2 : failures == 2 ? 8 : 32;
      EXPECT_GE(seconds, 0.75 * middle);
      EXPECT_LE(seconds, 1.25 * middle);
      EXPECT_EQ(seconds, seconds_before_retry(id, failures, {.delay = 2}));
      seen.insert(seconds);
    }
  EXPECT_GT(seen.size(), 2990u);
}

TEST(Retry, UsesTheWholeSpread) {
  double least = 10, most = 0;
  for (int i = 0; i < 1000; ++i) {
    double const seconds = seconds_before_retry("render " + std::to_string(i), 1, {.delay = 1});
    least = std::min(least, seconds);
    most = std::max(most, seconds);
  }
  EXPECT_LT(least, 0.76);
  EXPECT_GT(most, 1.24);
}

TEST(Retry, NeverMoreThanTenMinutes) {
  for (int failures : {1, 5, 9, 40}) EXPECT_LE(seconds_before_retry("film", failures, {.delay = 300}), 600);
}

TEST(Retry, WithoutJitterEveryDelayIsAsSaid) {
  for (int failures : {1, 2, 3})
    EXPECT_DOUBLE_EQ(seconds_before_retry("film", failures, {.delay = 3, .growth = 2, .jitter = 0}), 3 * (1 << (failures - 1)));
}

}  // namespace
}  // namespace reelmill
