// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/gop.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

TEST(GopStarts, AreNearlyEqualAndTwoSecondsLong) {
  for (Rational const rate : {Rational(24), Rational(30000, 1001), Rational(30), Rational(60)})
    for (std::int64_t frames = 1; frames < 600; ++frames) {
      auto const starts = gop_starts(frames, rate);
      ASSERT_FALSE(starts.empty());
      EXPECT_EQ(starts[0], 0);
      auto const wanted = std::max<std::int64_t>(1, round(Rational(frames) / rate / Rational(2)));
      EXPECT_EQ(static_cast<std::int64_t>(starts.size()), wanted);
      std::int64_t least = frames, most = 0, sum = 0;
      for (std::size_t i = 0; i < starts.size(); ++i) {
        auto const length = (i + 1 < starts.size() ? starts[i + 1] : frames) - starts[i];
        least = std::min(least, length), most = std::max(most, length), sum += length;
      }
      EXPECT_EQ(sum, frames);
      EXPECT_GE(least, 1);
      EXPECT_LE(most - least, 1);
    }
}

TEST(GopStarts, Examples) {
  EXPECT_EQ(gop_starts(120, 30), (std::vector<std::int64_t>{0, 60}));
  EXPECT_EQ(gop_starts(89, 30), (std::vector<std::int64_t>{0}));
  EXPECT_EQ(gop_starts(90, 30), (std::vector<std::int64_t>{0, 45}));  // half way goes up
  EXPECT_EQ(gop_starts(1, 30), (std::vector<std::int64_t>{0}));
}

// Sizes, rates and what table A-1 of ITU-T H.264 makes of them.
TEST(H264Level, IsTheLowestThatHolds) {
  EXPECT_EQ(h264_level(176, 144, 15, 0), 10);
  EXPECT_EQ(h264_level(352, 288, 30, 0), 13);
  EXPECT_EQ(h264_level(720, 576, 25, 0), 30);
  EXPECT_EQ(h264_level(1280, 720, 30, 0), 31);
  EXPECT_EQ(h264_level(1280, 720, 60, 0), 32);
  EXPECT_EQ(h264_level(1920, 1080, 30, 0), 40);
  EXPECT_EQ(h264_level(1080, 1920, 30, 0), 40);
  EXPECT_EQ(h264_level(1080, 1080, 30, 0), 32);
  EXPECT_EQ(h264_level(1920, 1080, 60, 0), 42);
  EXPECT_EQ(h264_level(2560, 1440, 30, 0), 50);
  EXPECT_EQ(h264_level(3840, 2160, 30, 0), 51);
  EXPECT_EQ(h264_level(3840, 2160, 60, 0), 52);
  EXPECT_EQ(h264_level(7680, 4320, 30, 0), 0);
}

TEST(H264Level, TheCeilingCounts) {
  EXPECT_EQ(h264_level(1280, 720, 30, 17'500'000), 31);  // High: 1.25 × 14 Mb/s
  EXPECT_EQ(h264_level(1280, 720, 30, 17'500'001), 32);
  EXPECT_EQ(h264_level(1920, 1080, 30, 25'000'001), 42);
  EXPECT_EQ(h264_level(64, 64, 1, 300'000'001), 0);
}

TEST(H264Level, NoSideMayBeTooLong) {
  // 1,200 macroblocks fit level 3.0, but no side may be longer than √(8 × 1,620) = 113 of them.
  EXPECT_EQ(h264_level(1920, 160, 30, 0), 31);
  EXPECT_EQ(h264_level(160, 1920, 30, 0), 31);
  EXPECT_EQ(h264_level(1808, 160, 30, 0), 30);  // 113 macroblocks
}

TEST(H264References, FitTheDecodedPictures) {
  EXPECT_EQ(h264_references(40, 1920, 1080), 4);
  EXPECT_EQ(h264_references(42, 1920, 1080), 4);
  EXPECT_EQ(h264_references(31, 1280, 720), 5);
  EXPECT_EQ(h264_references(51, 3840, 2160), 5);
  EXPECT_EQ(h264_references(51, 640, 360), 16);  // never more
  EXPECT_EQ(h264_references(10, 1920, 1080), 1);
}

// Sizes, rates, ceilings and what tables A.8 and A.9 of ITU-T H.265 make of them.
TEST(H265Level, IsTheLowestThatHolds) {
  EXPECT_EQ(h265_level(176, 144, 15, 0), 10);
  EXPECT_EQ(h265_level(640, 360, 30, 0), 21);
  EXPECT_EQ(h265_level(1280, 720, 30, 0), 31);
  EXPECT_EQ(h265_level(1920, 1080, 30, 0), 40);
  EXPECT_EQ(h265_level(1080, 1920, 60, 0), 41);
  EXPECT_EQ(h265_level(3840, 2160, 30, 0), 50);
  EXPECT_EQ(h265_level(3840, 2160, 60, 0), 51);
  EXPECT_EQ(h265_level(8192, 4320, 30, 0), 60);
  EXPECT_EQ(h265_level(8192, 4320, 60, 0), 61);
  EXPECT_EQ(h265_level(1920, 1080, 30, 12'000'000), 40);
  EXPECT_EQ(h265_level(1920, 1080, 30, 12'000'001), 41);
  EXPECT_EQ(h265_level(1920, 1080, 30, 240'000'001), 0);
  EXPECT_EQ(h265_level(1920, 160, 30, 0), 30);  // no side beyond √(8 × 552,960) = 2,103
  EXPECT_EQ(h265_level(2112, 160, 30, 0), 31);
}

CeilingJudge judged(std::int64_t ceiling, Rational rate, std::vector<std::int64_t> const& frames) {
  CeilingJudge judge(ceiling, rate);
  for (auto const bits : frames) judge.add(bits);
  return judge;
}

TEST(CeilingJudge, AConstantRateAtTheCeilingPasses) {
  EXPECT_TRUE(judged(3'000'000, 30, std::vector<std::int64_t>(120, 100'000)).passes());
  EXPECT_FALSE(judged(3'000'000, 30, std::vector<std::int64_t>(120, 100'001)).passes());
  Rational const ntsc(30000, 1001);
  EXPECT_TRUE(judged(3'000'000, ntsc, std::vector<std::int64_t>(120, 100'100)).passes());
  EXPECT_FALSE(judged(3'000'000, ntsc, std::vector<std::int64_t>(120, 100'101)).passes());
}

TEST(CeilingJudge, ABurstBreaksItAtOnce) {
  CeilingJudge judge(1'000'000, 25);
  judge.add(1'000'000);  // just the bucket
  EXPECT_TRUE(judge.holds());
  judge.add(40'000);
  EXPECT_TRUE(judge.holds());
  judge.add(40'001);
  EXPECT_FALSE(judge.holds());
  for (int i = 0; i < 1000; ++i) judge.add(0);
  EXPECT_FALSE(judge.holds());
  EXPECT_FALSE(judge.passes());
}

TEST(CeilingJudge, ABurstWithinTheBucketIsJudgedByTheMean) {
  std::vector<std::int64_t> frames(100, 20'000);
  frames[0] = 900'000;
  EXPECT_TRUE(judged(1'000'000, 25, frames).passes());
  std::vector<std::int64_t> const few(frames.begin(), frames.begin() + 20);
  auto const judge = judged(1'000'000, 25, few);
  EXPECT_TRUE(judge.holds());
  EXPECT_FALSE(judge.passes());
}

// The promise of the header: chunks that pass alone hold, joined in any order, a bucket of two seconds.
TEST(CeilingJudge, WhatPassesAloneHoldsWhenJoined) {
  constexpr std::int64_t ceiling = 1'000'000, rate = 25, per_frame = ceiling / rate;
  std::mt19937_64 random(5);
  std::vector<std::vector<std::int64_t>> passed;
  for (int made = 0; made < 20'000; ++made) {
    std::vector<std::int64_t> frames(8 + random() % 150);
    std::int64_t sum = 0;
    auto const burst_from = random() % frames.size(), burst = 1 + random() % 40;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      bool const in_burst = i >= burst_from && i < burst_from + burst;
      frames[i] = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(in_burst ? 4 * per_frame : per_frame * 3 / 2));
      sum += frames[i];
    }
    // Near the limit, where a mistake would show.
    auto const allowed = per_frame * static_cast<std::int64_t>(frames.size());
    for (auto& bits : frames) bits = bits * allowed / std::max<std::int64_t>(1, sum);
    if (judged(ceiling, rate, frames).passes()) passed.push_back(std::move(frames));
  }
  ASSERT_GT(passed.size(), 1000u);
  ASSERT_LT(passed.size(), 19'000u);

  int needed_more_than_one_second = 0;
  for (int joined = 0; joined < 500; ++joined) {
    std::int64_t fullness = 2 * ceiling, least = fullness;
    for (int i = 0; i < 30; ++i)
      for (auto const bits : passed[random() % passed.size()]) {
        fullness -= bits;
        least = std::min(least, fullness);
        fullness = std::min(2 * ceiling, fullness + per_frame);
      }
    ASSERT_GE(least, 0);
    needed_more_than_one_second += least < ceiling;
  }
  EXPECT_GT(needed_more_than_one_second, 100);
}

// The worst pair: all the bits at the end of one chunk and at the beginning of the next.
TEST(CeilingJudge, TheWorstPairUsesAllTwoSeconds) {
  std::vector<std::int64_t> late(100, 30'000), early(100, 30'000);
  late[99] = early[0] = 1'000'000;
  for (auto const& frames : {late, early}) ASSERT_TRUE(judged(1'000'000, 25, frames).passes());
  std::int64_t fullness = 2'000'000, least = fullness;
  for (auto const& frames : {late, early})
    for (auto const bits : frames) {
      fullness -= bits;
      least = std::min(least, fullness);
      fullness = std::min<std::int64_t>(2'000'000, fullness + 40'000);
    }
  EXPECT_GE(least, 0);
  EXPECT_LT(least, 50'000);
}

}  // namespace
}  // namespace reelmill
