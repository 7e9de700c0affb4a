// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/preview.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

// Ten frames of 10 ticks of 1/100 s from 1000 on, in three chunks.
SourceAnalysis ten_frames() {
  SourceAnalysis analysis;
  for (int i = 0; i < 10; ++i) analysis.pts.push_back(1000 + 10 * i);
  analysis.end = 1100;
  return analysis;
}
std::vector<Interval> three_chunks() { return {{0, 4, {}}, {4, 3, {}}, {7, 3, {}}}; }

Shown part(Rational from, std::optional<Rational> to) { return part_of(ten_frames(), Rational(1, 100), {from, to}).value(); }

TEST(Preview, BeginsAndEndsWithWholeFrames) {
  EXPECT_EQ(part(Rational(0), std::nullopt).first, 1000);
  EXPECT_EQ(part(Rational(0), std::nullopt).end, 1100);
  EXPECT_EQ(part(Rational(25, 100), Rational(1, 2)).first, 1030);
  EXPECT_EQ(part(Rational(25, 100), Rational(1, 2)).end, 1050);
  EXPECT_EQ(part(Rational(9, 10), Rational(9)).end, 1100) << "to beyond the end is the end";
}

TEST(Preview, AnEmptyPartIsRefused) {
  auto const late = part_of(ten_frames(), Rational(1, 100), {Rational(1), std::nullopt});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::usage);
  EXPECT_NE(late.error().what.find("1.00 s long"), std::string::npos) << late.error().what;
  EXPECT_FALSE(part_of(ten_frames(), Rational(1, 100), {Rational(11, 100), Rational(15, 100)}));
}

TEST(Preview, CutsTheChunksAtItsEnds) {
  auto const cut = within(three_chunks(), {3, 1}, ten_frames(), {1020, 1080});
  ASSERT_EQ(cut.size(), 3u);
  EXPECT_EQ(cut[0].first, 2);
  EXPECT_EQ(cut[0].count, 2);
  EXPECT_EQ(cut[1].first, 4);
  EXPECT_EQ(cut[1].count, 3);
  EXPECT_EQ(cut[2].first, 7);
  EXPECT_EQ(cut[2].count, 1);
  EXPECT_EQ(cut[0].lead_in, 2) << "what was cut off is there";
  EXPECT_EQ(cut[1].lead_in, 3);
  EXPECT_EQ(cut[2].lead_out, 1);
}

TEST(Preview, LeavesOutChunksThatLieOutside) {
  auto const cut = within(three_chunks(), {3, 1}, ten_frames(), {1050, 1060});
  ASSERT_EQ(cut.size(), 1u);
  EXPECT_EQ(cut[0].first, 5);
  EXPECT_EQ(cut[0].count, 1);
}

TEST(Preview, ByTheIndexFollowsTheOrderShown) {
  SourceIndex index;
  index.video.emplace_back().time_base = Rational(1, 100);
  for (std::int64_t const pts : {0, 30, 10, 20}) index.packets.push_back({.pts = pts, .dts = pts, .duration = 10});
  index.packets.front().discard = true;
  auto const found = part_of(index, Rational(1), {Rational(1, 10), std::nullopt});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->first, 20) << "counted from the first frame that is shown";
  EXPECT_EQ(found->end, 40);
}

TEST(Preview, CountsSecondsOfTheFilm) {
  // Twice as fast: frame 4 of 0.1 s is shown at 0.2 s.
  auto const fast = part_of(ten_frames(), Rational(1, 200), {Rational(2, 10), std::nullopt});
  EXPECT_EQ(fast.value().first, 1040);
  auto const sound = part_of(Span{Rational(5), Rational(10), {}, {}}, Rational(2), {Rational(1), Rational(3)});
  EXPECT_EQ(sound.value().start, Rational(7));
  EXPECT_EQ(sound.value().duration, Rational(2));
  EXPECT_EQ(sound.value().whole, Rational(10));
  EXPECT_FALSE(part_of(Span{Rational(5), Rational(10), {}, {}}, Rational(2), {Rational(10), std::nullopt}));
}

}  // namespace
}  // namespace reelmill
