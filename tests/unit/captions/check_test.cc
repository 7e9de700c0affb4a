// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/check.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

std::vector<std::string> codes(std::vector<Cue> cues, Rational rate = 25, std::int64_t length = 0,
                               CaptionProfile const& profile = {}) {
  std::vector<std::string> out;
  for (auto const& finding : check_captions({"", std::move(cues)}, profile, rate, length))
    out.push_back(std::to_string(finding.cue) + " " + std::string(finding.code).substr(9));
  return out;
}
using Codes = std::vector<std::string>;

TEST(CheckCaptions, FindsNothingInWhatKeepsToTheProfile) {
  EXPECT_EQ(codes({}), Codes{});
  EXPECT_EQ(codes({{0, 833, "Sixteen letters."}, {913, 7913, std::string(42, 'a') + "\n" + std::string(42, 'b')}}, 25, 7913),
            Codes{});
  EXPECT_EQ(codes({{0, 2000, "below"}, {1000, 3000, "above", {}, true}}), Codes{}) << "at different places";
}

TEST(CheckCaptions, FindsEachFault) {
  EXPECT_EQ(codes({{0, 5000, std::string(43, 'a')}}), Codes{"1 line_length"});
  EXPECT_EQ(codes({{0, 5000, "a\nb\nc"}}), Codes{"1 lines"});
  EXPECT_EQ(codes({{0, 1000, "twenty-one characters"}}), Codes{"1 reading_speed"});
  EXPECT_EQ(codes({{0, 832, "a"}}), Codes{"1 too_short"});
  EXPECT_EQ(codes({{0, 7001, "a"}}), Codes{"1 too_long"});
  EXPECT_EQ(codes({{0, 1000, "a"}, {1045, 2045, "b"}}), Codes{"2 gap"});
  EXPECT_EQ(codes({{0, 1000, "a"}, {999, 2000, "b"}}), Codes{"2 overlap"});
  EXPECT_EQ(codes({{2000, 3000, "a"}, {0, 1000, "b"}}), Codes{"2 order"});
  EXPECT_EQ(codes({{0, 1000, ""}, {2000, 3000, " \u200b\n"}}), (Codes{"1 empty", "2 empty"}));
  EXPECT_EQ(codes({{0, 1000, "a"}}, 25, 900), Codes{"1 beyond_end"});
  EXPECT_EQ(codes({{-1, 1000, "a"}}), Codes{"1 before_beginning"});
  EXPECT_EQ(codes({{0, 1000, "a\x07"}}), Codes{"1 control_characters"});
  EXPECT_EQ(codes({{0, 1000, "a\ufffd"}}), Codes{"1 unreadable"});
  EXPECT_EQ(codes({{1000, 1000, "a"}, {3000, 2000, "b"}}), (Codes{"1 too_short", "2 too_short"}));
}

TEST(CheckCaptions, TellsWhatItMeasured) {
  auto const found = check_captions({"", {{0, 2000, std::string(42, 'a') + "\n" + std::string(41, 'b')}}}, {});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].measured, 42);
  EXPECT_EQ(found[0].limit, 20);
  EXPECT_EQ(found[0].to, 2000);
}

TEST(CheckCaptions, CountsFramesThatShowNothing) {
  auto const frame = [](int number) { return (number * 1001 + 12) / 24; };  // of 24000/1001, rounded
  for (int number = 30; number < 160; ++number) {
    EXPECT_EQ(codes({{0, frame(number), "a"}, {frame(number + 2), frame(number + 40), "b"}}, {24000, 1001}), Codes{});
    EXPECT_EQ(codes({{0, frame(number), "a"}, {frame(number + 1), frame(number + 40), "b"}}, {24000, 1001}), Codes{"2 gap"});
  }
}

TEST(CheckCaptions, WideCharactersAreTwo) {
  CaptionProfile profile;
  profile.line_length = 20;
  EXPECT_EQ(codes({{0, 5000, "一二三四五六七八九十"}}, 25, 0, profile), Codes{});
  EXPECT_EQ(codes({{0, 5000, "一二三四五六七八九十。"}}, 25, 0, profile), Codes{"1 line_length"});
  EXPECT_EQ(line_columns("e\u0301\u200d"), 1);
  EXPECT_EQ(reading_length("a b\nc"), 5);
}

}  // namespace
}  // namespace reelmill
