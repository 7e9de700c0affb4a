// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/cube.h"

#include <cmath>

#include <gtest/gtest.h>

namespace reelmill::av {
namespace {

// A picture of every luma beside some chroma, odd in size.
Frame picture() {
  auto out = PicturePool(255, 5, AV_PIX_FMT_YUV420P).take().value();
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 255; ++x) out->data[0][y * out->linesize[0] + x] = static_cast<std::uint8_t>(x);
  for (int plane = 1; plane < 3; ++plane)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 128; ++x)
        out->data[plane][y * out->linesize[plane] + x] = static_cast<std::uint8_t>(plane == 1 ? 60 + x : 240 - x);
  return out;
}

int worst_difference(AVFrame const& a, AVFrame const& b) {
  int worst = 0;
  for (int plane = 0; plane < 3; ++plane)
    for (int y = 0; y < (plane ? 3 : 5); ++y)
      for (int x = 0; x < (plane ? 128 : 255); ++x)
        worst = std::max(worst, std::abs(a.data[plane][y * a.linesize[plane] + x] - b.data[plane][y * b.linesize[plane] + x]));
  return worst;
}

Frame through(Cube const& cube, AVFrame const& in) {
  PicturePool pool(in.width, in.height, AV_PIX_FMT_YUV420P);
  return cube.apply(in, luma_weights("bt709"), pool).value();
}

std::string identity(int size) {
  std::string text = "# a comment\nTITLE \"none\"\r\nLUT_3D_SIZE " + std::to_string(size) + "\n\n";
  for (int i = 0; i < size * size * size; ++i) {
    auto const value = [&](int at) { return std::to_string(static_cast<double>(at % size) / (size - 1)) + " "; };
    text += value(i) + value(i / size) + value(i / size / size) + "\n";
  }
  return text;
}

TEST(Cube, ThatChangesNothingChangesNothing) {
  auto const in = picture();
  for (int const size : {2, 5, 33}) EXPECT_EQ(worst_difference(*through(*Cube::parse(identity(size), "x"), *in), *in), 0) << size;
  EXPECT_EQ(worst_difference(*through(*Cube::parse("LUT_1D_SIZE 3\n0 0 0\n.5 .5 .5\n1 1 1", "x"), *in), *in), 0);
}

TEST(Cube, LooksUpGreys) {
  auto in = picture();
  for (int plane = 1; plane < 3; ++plane)
    for (int i = 0; i < 3 * in->linesize[plane]; ++i) in->data[plane][i] = 128;
  auto negative = *Cube::parse("LUT_1D_SIZE 2\n1 1 1\n0 0 0\n", "x");
  auto const out = through(negative, *in);
  for (int x = 16; x <= 235; ++x) ASSERT_EQ(out->data[0][x], 251 - x);
  EXPECT_EQ(out->data[1][50], 128);
  negative.soften(32768);
  auto const half = through(negative, *in);
  for (int x = 16; x <= 235; ++x) ASSERT_NEAR(half->data[0][x], 125.5, 0.6);
}

TEST(Cube, GammaKeepsBlackAndWhite) {
  auto in = picture();
  for (int plane = 1; plane < 3; ++plane)
    for (int i = 0; i < 3 * in->linesize[plane]; ++i) in->data[plane][i] = 128;
  auto const out = through(*Cube::of_gamma({131072, 131072, 131072}), *in);
  for (int x = 16; x <= 235; ++x) ASSERT_NEAR(out->data[0][x], 16 + 219 * std::sqrt((x - 16) / 219.0), 0.6) << x;
  EXPECT_FALSE(Cube::of_gamma({65536, 0, 65536}));
}

TEST(Cube, KnowsItsDomain) {
  auto in = picture();
  for (int plane = 1; plane < 3; ++plane)
    for (int i = 0; i < 3 * in->linesize[plane]; ++i) in->data[plane][i] = 128;
  auto const half = *Cube::parse("LUT_1D_SIZE 2\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 2 2 2\n0 0 0\n1 1 1\n", "x");
  auto const out = through(half, *in);
  for (int x = 16; x <= 235; ++x) ASSERT_NEAR(out->data[0][x], 16 + (x - 16) / 2.0, 0.51);
}

TEST(Cube, RefusesWhatIsNotOne) {
  for (auto const& [text, part] : {std::pair{"", "there is no LUT_1D_SIZE"},
                                   {"LUT_3D_SIZE 130\n", "between 2 and 129"},
                                   {"LUT_3D_SIZE 1\n", "between 2 and 129"},
                                   {"LUT_3D_SIZE 2\n0 0 0\n", "after 1 of 8"},
                                   {"LUT_1D_SIZE 2\n0 0 0\n1 1 1\n1 1 1\n", "line 4: more than the 2"},
                                   {"0 0 0\n", "line 1: numbers before"},
                                   {"LUT_1D_SIZE 2\n0 0\n", "line 2"},
                                   {"LUT_1D_SIZE 2\n0 0 nan\n", "line 2"},
                                   {"LUT_1D_SIZE 2\nLUT_3D_SIZE 2\n", "export it as one"},
                                   {"LUT_1D_SIZE 2\nDOMAIN_MAX 0 1 1\n0 0 0\n1 1 1\n", "domain is empty"}}) {
    auto const cube = Cube::parse(text, "look.cube");
    ASSERT_FALSE(cube) << text;
    EXPECT_EQ(cube.error().kind, ErrorKind::project);
    EXPECT_NE(cube.error().what.find(part), std::string::npos) << cube.error().what;
    EXPECT_NE(cube.error().what.find("look.cube"), std::string::npos);
  }
}

}  // namespace
}  // namespace reelmill::av
