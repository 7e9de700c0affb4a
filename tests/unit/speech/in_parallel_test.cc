// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/in_parallel.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace reelmill::speech {
namespace {

TEST(InParallel, DoesEachOnce) {
  for (int const threads : {1, 2, 7}) {
    std::vector<std::atomic<int>> counts(100);
    EXPECT_TRUE(in_parallel(counts.size(), threads, [&](std::size_t i) -> Result<void> {
      ++counts[i];
      return {};
    }));
    for (auto const& count : counts) EXPECT_EQ(count, 1);
  }
}

TEST(InParallel, GivesTheErrorAndBeginsNothingMore) {
  std::atomic<int> begun = 0;
  auto const done = in_parallel(1000, 2, [&](std::size_t i) -> Result<void> {
    ++begun;
    if (i == 3) return Error{ErrorKind::failed, "the third"};
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, "the third");
  EXPECT_LT(begun, 1000);
}

TEST(InParallel, HandsExceptionsOn) {
  EXPECT_THROW(static_cast<void>(in_parallel(10, 3,
                                             [](std::size_t i) -> Result<void> {
                                               if (i == 5) throw std::runtime_error("five");
                                               return {};
                                             })),
               std::runtime_error);
}

}  // namespace
}  // namespace reelmill::speech
