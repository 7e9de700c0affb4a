// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/text_setter.h"

#include <gtest/gtest.h>

#include "base/disk.h"
#include "project/fonts.h"

namespace reelmill::av {
namespace {

TextFont installed(FontFile const& found) { return {found.file.filename().string(), *read_file(found.file), found.face}; }

class Captions : public testing::Test {
 protected:
  void SetUp() override {
    fonts_ = {installed(*find_font("Liberation Sans", false)), installed(*find_font_with(U'漢', false))};
    look_ = {.what = "caption", .size = 24 / 2.88, .outline = 8};
  }
  Result<SetText> set(std::vector<PlacedText> const& texts, int width = 640, int height = 360) const {
    return TRY(TextSetter::open(look_, fonts_, width, height))
    .set_to_fit(texts);
  }
  static PlacedText text(std::string words, std::vector<std::int32_t> fonts = {0}) {
    return {std::move(words), "bottom", {}, std::move(fonts)};
  }

  std::vector<TextFont> fonts_;
  TextLook look_;
};

TEST_F(Captions, KeepTheirLinesWhereThePictureIsWideEnough) {
  auto const one = set({text("A line of a caption")}), two = set({text("A line of\na caption")});
  ASSERT_TRUE(one && two);
  EXPECT_GT(one->image.width, two->image.width);
  EXPECT_GT(two->image.height, one->image.height * 3 / 2);
}

TEST_F(Captions, AreBrokenAnewWhereItIsNot) {
  auto const set_there = set({text("A line that is too long for this\npicture, and a second one")}, 320, 640);
  ASSERT_TRUE(set_there) << set_there.error().what;
  EXPECT_LE(set_there->image.width, 320 - 2 * 8);
  EXPECT_GE(set_there->x, 8);
}

TEST_F(Captions, BecomeSmallerBeforeTheyAreAWall) {
  std::string words;
  for (int i = 0; i < 24; ++i) words += "several words ";
  auto const set_there = set({text(words)}, 320, 180);
  ASSERT_TRUE(set_there) << set_there.error().what;
  EXPECT_LE(set_there->image.height, 180 * 4 / 10 + 4);
  EXPECT_FALSE(set({text(words + words + words + words)}, 320, 180)) << "what cannot be read was set all the same";
}

TEST_F(Captions, OfTwoSpeakersStayInTwoLines) {
  auto const narrow = set({text("- A line that is too long for this picture\n- Yes")}, 320, 640);
  auto const one = set({text("Yes")}, 320, 640);
  ASSERT_TRUE(narrow && one);
  EXPECT_GT(narrow->image.height, 2 * one->image.height);
}

TEST_F(Captions, StandOneAboveTheOtherWhereTwoAreShown) {
  auto const one = set({text("One")}), both = set({text("One"), text("Two")});
  ASSERT_TRUE(one && both);
  EXPECT_GT(both->image.height, one->image.height * 3 / 2);
}

TEST_F(Captions, TakeEachCharacterFromTheFirstOfTheirFontsThatHasIt) {
  EXPECT_TRUE(set({text("漢字 and letters", {0, 1})}));
  auto const lacking = set({text("漢字 and letters", {0})});
  ASSERT_FALSE(lacking);
  EXPECT_EQ(lacking.error().kind, ErrorKind::project);
  EXPECT_NE(lacking.error().what.find("U+6F22"), std::string::npos) << lacking.error().what;
}

TEST_F(Captions, AreItalicWhereTheySaySo) {
  auto upright = text("Slanted"), slanted = upright;
  slanted.italic = {0, 7};
  auto const a = set({upright}), b = set({slanted});
  ASSERT_TRUE(a && b);
  EXPECT_NE(a->image.pixels, b->image.pixels);
}

TEST_F(Captions, CannotSayMoreThanTheirText) {
  auto const plain = set({text("low")}), tricky = set({text("{\\an8}low")});
  ASSERT_TRUE(plain && tricky);
  EXPECT_GT(tricky->y, 180) << "it was moved to the top";
  EXPECT_GT(tricky->image.width, plain->image.width);
}

}  // namespace
}  // namespace reelmill::av
