// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/as_source.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

VideoStreamInfo picture(int width, int height, Rational aspect = Rational(1), int rotation = 0) {
  VideoStreamInfo info;
  info.width = width, info.height = height, info.sample_aspect = aspect, info.rotation = rotation;
  return info;
}

SourceIndex frames(int count, std::int64_t step, Rational time_base, Rational claimed = Rational(0)) {
  SourceIndex index;
  index.video.push_back(picture(640, 360));
  index.video.front().time_base = time_base;
  index.video.front().average_rate = claimed;
  for (int i = 0; i < count; ++i) index.packets.push_back({.pts = i * step, .dts = i * step, .duration = step});
  return index;
}

TEST(AsSource, TheSizeIsThatOfThePictureShown) {
  auto const is = [](VideoStreamInfo const& info, int width, int height) {
    auto const size = shown_size(info);
    EXPECT_EQ(size.width, width);
    EXPECT_EQ(size.height, height);
  };
  is(picture(1920, 1080), 1920, 1080);
  is(picture(1920, 1080, Rational(1), 90), 1080, 1920);
  is(picture(641, 361), 642, 362);
  is(picture(720, 576, Rational(64, 45)), 1024, 576);
  is(picture(720, 480, Rational(8, 9)), 720, 540);
  is(picture(16, 16), 32, 32);
}

TEST(AsSource, TheRateIsAUsualOne) {
  EXPECT_EQ(constant_rate(frames(100, 1, Rational(1, 25))), Rational(25));
  EXPECT_EQ(constant_rate(frames(300, 1001, Rational(1, 30000))), Rational(30000, 1001));
  EXPECT_EQ(constant_rate(frames(300, 1001, Rational(1, 24000))), Rational(24000, 1001));
  EXPECT_EQ(constant_rate(frames(300, 33, Rational(1, 1000), Rational(30))), Rational(30)) << "33 ms are 30.3 a second";
  EXPECT_EQ(constant_rate(frames(300, 1, Rational(1, 15), Rational(15))), Rational(15));
  EXPECT_EQ(constant_rate(frames(300, 34, Rational(1, 1000), Rational(0))), Rational(30000, 1001)) << "29.4: none is lost";
  EXPECT_EQ(constant_rate(frames(300, 1, Rational(1, 40), Rational(0))), Rational(48)) << "none is lost";
  EXPECT_EQ(constant_rate(frames(300, 1, Rational(1, 200), Rational(0))), Rational(201));
}

TEST(AsSource, FillsInWhatTheExportLeavesOpenOnly) {
  auto const index = frames(100, 1, Rational(1, 25));
  Export open;
  open.width = open.height = 0;
  open.keeps_rate = true;
  auto const filled = for_source(open, index, {});
  EXPECT_EQ(filled.width, 640);
  EXPECT_EQ(filled.height, 360);
  EXPECT_EQ(filled.rate, Rational(25));
  open.halves = true;
  EXPECT_EQ(for_source(open, index, {}).width, 320);
  open.halves = false;
  EXPECT_EQ(for_source(open, index, {0.5, 1, false}).width, 320) << "half is cut away";
  EXPECT_EQ(for_source(open, index, {1, 0.5, true}).width, 360) << "turned, then cut";
  EXPECT_EQ(for_source(open, index, {1, 0.5, true}).height, 320);
  Export given;
  given.rate = Rational(30);
  EXPECT_EQ(for_source(given, index, {}).width, 1920);
  EXPECT_EQ(for_source(given, index, {}).rate, Rational(30));
}

}  // namespace
}  // namespace reelmill
