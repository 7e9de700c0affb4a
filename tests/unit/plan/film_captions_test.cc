// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/film_captions.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

SourceAnalysis frames(int count) {
  SourceAnalysis analysis;
  for (int i = 0; i < count; ++i) analysis.pts.push_back(1000 + i * 1001);
  analysis.end = 1000 + count * 1001;
  return analysis;
}

FilmCaption caption(std::int64_t from, std::int64_t to, std::string text) {
  FilmCaption out{from, to, {}};
  out.caption.text = std::move(text);
  return out;
}

Rational const tick{1, 30000};

TEST(ShownCaptions, BeginAndEndWithTheFramesOfTheirTimes) {
  // Frame 30 begins at 1.001 s, which a caption file writes as 1,001.
  auto const shown = shown_captions({{}, {caption(1001, 2002, "a"), caption(2002, 2003, "b")}}, frames(100), tick);
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[0].from, 30);
  EXPECT_EQ(shown[0].to, 60);
  EXPECT_EQ(shown[1].from, 60);
  EXPECT_EQ(shown[1].to, 61);
}

TEST(ShownCaptions, RoundedTimesMissNoFrame) {
  // Frame 1 begins at 33.367 ms; rounded up it would be missed by a third of a millisecond.
  auto const shown = shown_captions({{}, {caption(33, 67, "a")}}, frames(10), tick);
  ASSERT_EQ(shown.size(), 1u);
  EXPECT_EQ(shown[0].from, 1);
  EXPECT_EQ(shown[0].to, 2);
}

TEST(ShownCaptions, ThatNoFrameShowsAreLeftOut) {
  EXPECT_TRUE(shown_captions({{}, {caption(5, 20, "between"), caption(90'000, 95'000, "behind")}}, frames(100), tick).empty());
}

TEST(CaptionsWithin, CountFromTheOrigin) {
  auto const all = shown_captions({{}, {caption(0, 1001, "a"), caption(1001, 3003, "b")}}, frames(100), tick);
  auto const some = captions_within(all, 25, 50, 20);
  ASSERT_EQ(some.size(), 2u);
  EXPECT_EQ(some[0].from, 5);
  EXPECT_EQ(some[0].to, 10);
  EXPECT_EQ(some[1].from, 10);
  EXPECT_EQ(some[1].to, 30);
  EXPECT_TRUE(captions_within(all, 95, 100, 95).empty());
}

TEST(Shots, BeginAtCuts) {
  auto analysis = frames(90);
  analysis.motion.resize(90);
  analysis.motion[30].cut = true;
  EXPECT_EQ(shots_of(analysis, tick), std::vector<std::int64_t>{1001});
}

}  // namespace
}  // namespace reelmill
