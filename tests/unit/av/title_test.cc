// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/title.h"

#include <gtest/gtest.h>

#include "base/disk.h"
#include "project/fonts.h"

namespace reelmill::av {
namespace {

class Title : public testing::Test {
 protected:
  void SetUp() override {
    auto const found = find_font("Liberation Sans", false);
    ASSERT_TRUE(found) << found.error().what;
    title_.font.path = found->file.string();
    title_.face = found->face;
    title_.text = "Hello";
    font_ = *read_file(found->file);
  }
  Result<SetText> set(int width = 640, int height = 360) const { return set_text(title_, font_, width, height); }
  void expect_error(ErrorKind kind, std::string_view part) const {
    auto const text = set();
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().kind, kind);
    EXPECT_NE(text.error().what.find(part), std::string::npos) << text.error().what;
  }
  // How much of the picture is covered.
  std::int64_t ink() const {
    auto const text = *set();
    std::int64_t sum = 0;
    for (std::size_t i = 3; i < text.image.pixels.size(); i += 4) sum += text.image.pixels[i];
    return sum;
  }

  TitleNode title_;
  std::string font_;
};

TEST_F(Title, LiesInsideTheSafeArea) {
  for (auto const* position :
       {"top_left", "top", "top_right", "left", "center", "right", "bottom_left", "bottom", "bottom_right"}) {
    title_.position = position;
    auto const text = set();
    ASSERT_TRUE(text) << text.error().what;
    EXPECT_GE(text->x, 17) << position;
    EXPECT_GE(text->y, 17) << position;
    EXPECT_LE(text->x + text->image.width, 640 - 17) << position;
    EXPECT_LE(text->y + text->image.height, 360 - 17) << position;
    EXPECT_EQ(text->x % 2 + text->y % 2 + text->image.width % 2 + text->image.height % 2, 0);
  }
  title_.position = "top_left";
  EXPECT_LT(set()->x, 30);
  EXPECT_LT(set()->y, 40);
}

TEST_F(Title, HasTheSizeThatIsAskedFor) {
  title_.text = "H";
  title_.outline = 0;
  title_.size = 20;  // 72 samples for a line, of which a capital takes 0.6
  EXPECT_NEAR(set()->image.height, 46, 5);
  title_.size = 40;
  EXPECT_NEAR(set()->image.height, 93, 8);
}

TEST_F(Title, SaysWhichGlyphIsMissing) {
  title_.text = "snow \xe2\x98\x83 and more";
  expect_error(ErrorKind::project, "'Liberation Sans' has no glyph for '\xe2\x98\x83' (U+2603)");
}

TEST_F(Title, SaysWhenItDoesNotFit) {
  title_.text = "Donaudampfschifffahrtsgesellschaftskapitaen";
  title_.size = 20;
  expect_error(ErrorKind::project, "does not fit inside the safe area");
}

TEST_F(Title, SaysWhenTheFontIsNone) {
  font_ = "not a font";
  expect_error(ErrorKind::media, "is no font that can be read");
}

TEST_F(Title, MarkupIsText) {
  title_.text = "xx";
  auto const plain = ink();
  title_.text = "{\\alpha&HFF&}xx";
  EXPECT_GT(ink(), 3 * plain);
  // A line break is one character here, "\N" two.
  title_.text = "x\nx";
  auto const two_lines = set()->image.height;
  title_.text = "x\\Nx";
  EXPECT_LT(set()->image.height, two_lines);
}

TEST_F(Title, ABackslashIsJustThat) {
  title_.text = "\\";
  title_.outline = 0;
  auto const alone = ink();
  title_.text = "\\h\\";
  auto const with_letter = ink();
  title_.text = "h";
  EXPECT_NEAR(static_cast<double>(with_letter), static_cast<double>(2 * alone + ink()), 0.1 * static_cast<double>(with_letter));
}

}  // namespace
}  // namespace reelmill::av
