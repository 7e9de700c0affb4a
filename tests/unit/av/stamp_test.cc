// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/stamp.h"

#include <gtest/gtest.h>

namespace reelmill::av {
namespace {

Frame flat(int width, int height, std::uint8_t luma) {
  auto out = PicturePool(width, height, AV_PIX_FMT_YUV420P).take().value();
  for (int plane = 0; plane < 3; ++plane)
    for (int i = 0; i < out->linesize[plane] * (plane ? (height + 1) / 2 : height); ++i) out->data[plane][i] = plane ? 128 : luma;
  return out;
}

// White, as opaque as said.
Rgba white(int width, int height, std::uint8_t alpha) {
  return {width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * 4), alpha)};
}

struct Drawn {
  Frame picture;
  int operator()(int x, int y) const { return picture->data[0][y * picture->linesize[0] + x]; }
};
Drawn drawn(Rgba const& image, int width, int height, int x, int y, int weight) {
  auto const in = flat(33, 21, 100);
  PicturePool pool(33, 21, AV_PIX_FMT_YUV420P);
  auto const stamp = *Stamp::make(image, width, height, "bt709");
  Drawn out{stamp.draw_on(*in, x, y, weight, pool).value()};
  for (int i = 0; i < 17; ++i) EXPECT_EQ(out.picture->data[1][i], 128);
  EXPECT_EQ(in->data[0][0], 100);  // the picture it is drawn on stays
  return out;
}

TEST(Stamp, CoversItsRectangleOnly) {
  auto const at = drawn(white(4, 4, 255), 4, 4, 10, 6, 65536);
  for (int y = 0; y < 21; ++y)
    for (int x = 0; x < 33; ++x) ASSERT_EQ(at(x, y), x >= 10 && x < 14 && y >= 6 && y < 10 ? 235 : 100) << x << ' ' << y;
}

TEST(Stamp, IsAsStrongAsItsAlphaAndWeight) {
  EXPECT_EQ(drawn(white(4, 4, 255), 4, 4, 10, 6, 32768)(11, 7), 168);
  EXPECT_NEAR(drawn(white(4, 4, 128), 4, 4, 10, 6, 65536)(11, 7), 168, 1);
  EXPECT_EQ(drawn(white(4, 4, 0), 4, 4, 10, 6, 65536)(11, 7), 100);
}

TEST(Stamp, WhatLiesOutsideIsLeftOut) {
  auto const corner = drawn(white(8, 8, 255), 8, 8, -4, -4, 65536);
  EXPECT_EQ(corner(3, 3), 235);
  EXPECT_EQ(corner(4, 4), 100);
  auto const far = drawn(white(8, 8, 255), 8, 8, 30, 18, 65536);
  EXPECT_EQ(far(32, 20), 235);
  EXPECT_EQ(far(29, 17), 100);
  drawn(white(8, 8, 255), 8, 8, 400, -300, 65536);
}

TEST(Stamp, IsScaled) {
  auto const at = drawn(white(64, 64, 255), 8, 8, 4, 4, 65536);
  EXPECT_EQ(at(5, 5), 235);
  EXPECT_EQ(at(11, 11), 235);
  EXPECT_EQ(at(12, 12), 100);
}

TEST(Stamp, LiesWhereItIsAskedTo) {
  Box const box{10, 20, 100, 50};
  auto const is = [&](std::string_view position, int x, int y) {
    auto const place = place_in(box, position, 30, 10, 5);
    EXPECT_EQ(place.x, x) << position;
    EXPECT_EQ(place.y, y) << position;
  };
  is("top_left", 15, 25);
  is("top", 45, 25);
  is("top_right", 75, 25);
  is("left", 15, 40);
  is("center", 45, 40);
  is("right", 75, 40);
  is("bottom_left", 15, 55);
  is("bottom", 45, 55);
  is("bottom_right", 75, 55);
}

}  // namespace
}  // namespace reelmill::av
