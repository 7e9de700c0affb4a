// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/fitter.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace reelmill::av {

void PrintTo(Box const& box, std::ostream* out) { *out << box.width << 'x' << box.height << " at " << box.x << ',' << box.y; }

namespace {

constexpr AVRational square{1, 1};

TEST(InsideBox, Figures) {
  EXPECT_EQ(inside_box(1280, 720, square, 1920, 1080), (Box{0, 0, 1920, 1080}));
  EXPECT_EQ(inside_box(1280, 720, square, 1080, 1920), (Box{0, 656, 1080, 608}));
  EXPECT_EQ(inside_box(1280, 720, square, 1080, 1080), (Box{0, 236, 1080, 608}));
  EXPECT_EQ(inside_box(1080, 1920, square, 1920, 1080), (Box{656, 0, 608, 1080}));
  EXPECT_EQ(inside_box(1440, 1080, {4, 3}, 1920, 1080), (Box{0, 0, 1920, 1080}));  // HDV
  EXPECT_EQ(inside_box(720, 576, {16, 15}, 1920, 1080), (Box{240, 0, 1440, 1080}));
  EXPECT_EQ(inside_box(640, 480, {0, 1}, 1280, 720), (Box{160, 0, 960, 720}));  // aspect not known: square
}

TEST(CoverBox, Figures) {
  EXPECT_EQ(cover_box(1920, 1080, square, 1280, 720), (Box{0, 0, 1920, 1080}));
  EXPECT_EQ(cover_box(1920, 1080, square, 1080, 1080), (Box{420, 0, 1080, 1080}));
  EXPECT_EQ(cover_box(1280, 720, square, 1080, 1920), (Box{438, 0, 404, 720}));
  EXPECT_EQ(cover_box(1440, 1080, {4, 3}, 1080, 1080), (Box{314, 0, 810, 1080}));
}

TEST(Boxes, StayInsideAndKeepTheShape) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 5000; ++i) {
    int const width = 2 + static_cast<int>(random() % 3000), height = 2 + static_cast<int>(random() % 3000);
    int const to_width = 2 * (8 + static_cast<int>(random() % 1000)), to_height = 2 * (8 + static_cast<int>(random() % 1000));
    auto const inside = inside_box(width, height, square, to_width, to_height);
    for (auto const value : {inside.x, inside.y, inside.width, inside.height}) ASSERT_EQ(value % 2, 0);
    ASSERT_GE(inside.x, 0);
    ASSERT_GE(inside.y, 0);
    ASSERT_LE(inside.x + inside.width, to_width);
    ASSERT_LE(inside.y + inside.height, to_height);
    ASSERT_TRUE(inside.width == to_width || inside.height == to_height);
    auto const cover = cover_box(width, height, square, to_width, to_height);
    ASSERT_GE(cover.x, 0);
    ASSERT_GE(cover.y, 0);
    ASSERT_LE(cover.x + cover.width, width);
    ASSERT_LE(cover.y + cover.height, height);
    // Right to the two samples that even sizes cost.
    double const ratio = std::min(to_width / static_cast<double>(width), to_height / static_cast<double>(height));
    ASSERT_NEAR(inside.width, std::max(2.0, width * ratio), 2);
    ASSERT_NEAR(inside.height, std::max(2.0, height * ratio), 2);
  }
}

template <class Value>
Frame picture(int width, int height, Value value) {
  auto frame = PicturePool(width, height, AV_PIX_FMT_YUV420P).take().value();
  for (int plane = 0; plane < 3; ++plane)
    for (int y = 0; y < (plane ? (height + 1) / 2 : height); ++y)
      for (int x = 0; x < (plane ? (width + 1) / 2 : width); ++x)
        frame->data[plane][y * frame->linesize[plane] + x] = static_cast<std::uint8_t>(value(plane, x, y));
  return frame;
}

Frame noise(int width, int height, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  return picture(width, height, [&](int, int, int) { return 60 + random() % 150; });
}

// Calls see(plane, x, y, sample) for every sample.
template <class See>
void for_each_sample(AVFrame const& frame, See see) {
  for (int plane = 0; plane < 3; ++plane)
    for (int y = 0; y < (plane ? frame.height / 2 : frame.height); ++y)
      for (int x = 0; x < (plane ? frame.width / 2 : frame.width); ++x)
        see(plane, x, y, int{frame.data[plane][y * frame.linesize[plane] + x]});
}

int black_outside(AVFrame const& frame, Box const& box) {
  int wrong = 0;
  for_each_sample(frame, [&](int plane, int x, int y, int sample) {
    int const k = plane ? 2 : 1;
    bool const inside = x * k >= box.x && x * k < box.x + box.width && y * k >= box.y && y * k < box.y + box.height;
    if (!inside) wrong += sample != (plane ? 128 : 16);
  });
  return wrong;
}

TEST(Fitter, BarsStayBlackOverManyFrames) {
  struct {
    int width, height, to_width, to_height;
  } const cases[] = {{320, 180, 270, 480}, {180, 320, 480, 270}, {322, 182, 300, 300}, {181, 321, 480, 270}, {60, 320, 640, 272}};
  for (auto const& c : cases) {
    auto fitter = Fitter::open("pad", *noise(c.width, c.height, 0), c.to_width, c.to_height);
    ASSERT_TRUE(fitter) << fitter.error().text();
    auto const box = inside_box(c.width, c.height, square, c.to_width, c.to_height);
    for (std::uint64_t i = 0; i < 20; ++i) {
      auto const out = fitter->apply(*noise(c.width, c.height, i));
      ASSERT_TRUE(out);
      EXPECT_EQ((*out)->width, c.to_width);
      EXPECT_EQ((*out)->height, c.to_height);
      ASSERT_EQ(black_outside(**out, box), 0) << c.width << 'x' << c.height << " frame " << i;
    }
  }
}

TEST(Fitter, BarsBesideAPictureOfAnyWidthStayBlack) {
  for (int width = 20; width < 240; width += 2) {
    auto const in = noise(width, 180, 1);
    auto fitter = Fitter::open("pad", *in, 320, 180).value();
    auto const out = fitter.apply(*in).value();
    ASSERT_EQ(black_outside(*out, inside_box(width, 180, square, 320, 180)), 0) << width;
    auto larger = Fitter::open("pad", *in, 480, 270).value();
    auto const enlarged = larger.apply(*in).value();
    ASSERT_EQ(black_outside(*enlarged, inside_box(width, 180, square, 480, 270)), 0) << width;
  }
}

// The blurred bars beside a narrow picture: only what is behind it decides them.
TEST(Fitter, BlurredBarsBesideAPictureAreSmoothToItsEdge) {
  for (int const width : {100, 102, 104, 106, 108, 110, 112, 114}) {
    auto const in = noise(width, 180, 1);
    auto fitter = Fitter::open("blur", *in, 320, 180).value();
    auto const out = fitter.apply(*in).value();
    auto const box = inside_box(width, 180, square, 320, 180);
    for (int y = 0; y < 180; ++y)
      for (int x = box.x + box.width; x < 320; ++x)
        ASSERT_NEAR(out->data[0][y * out->linesize[0] + x], 135, 25) << width << ' ' << x;
  }
}

TEST(Fitter, ThePictureFillsItsBox) {
  auto const bright = picture(320, 180, [](int plane, int, int) { return plane ? 90 : 200; });
  auto fitter = Fitter::open("pad", *bright, 270, 480).value();
  auto const out = fitter.apply(*bright).value();
  auto const box = inside_box(320, 180, square, 270, 480);
  for_each_sample(*out, [&](int plane, int x, int y, int sample) {
    int const k = plane ? 2 : 1;
    if (x * k < box.x || x * k >= box.x + box.width || y * k < box.y || y * k >= box.y + box.height) return;
    ASSERT_NEAR(sample, plane ? 90 : 200, 1) << plane << ' ' << x << ' ' << y;
  });
}

TEST(Fitter, CropCoversEverythingAndKeepsTheMiddle) {
  // White but for dark edges that the crop cuts off.
  auto const in = picture(640, 360, [](int plane, int x, int) { return plane ? 128 : x < 120 || x >= 520 ? 16 : 220; });
  auto fitter = Fitter::open("crop", *in, 180, 180).value();
  for_each_sample(*fitter.apply(*in).value(), [](int plane, int x, int y, int sample) {
    ASSERT_NEAR(sample, plane ? 128 : 220, 1) << plane << ' ' << x << ' ' << y;
  });
}

TEST(Fitter, StretchShowsEverything) {
  auto const in = picture(320, 180, [](int plane, int x, int) { return plane ? 128 : x < 160 ? 50 : 200; });
  auto fitter = Fitter::open("stretch", *in, 180, 320).value();
  auto const out = fitter.apply(*in).value();
  for (int y = 0; y < 320; ++y) {
    EXPECT_NEAR(out->data[0][y * out->linesize[0] + 5], 50, 1);
    EXPECT_NEAR(out->data[0][y * out->linesize[0] + 174], 200, 1);
  }
}

TEST(Fitter, BlurFillsTheBarsSmoothly) {
  auto const in = noise(320, 180, 5);
  auto fitter = Fitter::open("blur", *in, 180, 320).value();
  auto const box = inside_box(320, 180, square, 180, 320);
  auto const first = fitter.apply(*in).value();
  int least = 255, most = 0;
  for_each_sample(*first, [&](int plane, int, int y, int sample) {
    if (plane > 0 || (y >= box.y && y < box.y + box.height)) return;
    least = std::min(least, sample), most = std::max(most, sample);
  });
  EXPECT_GT(least, 115);  // the noise's mean is 134.5
  EXPECT_LT(most, 155);
  // The sharp picture is in front, and nothing of an earlier frame stays.
  auto const flat = picture(320, 180, [](int plane, int, int) { return plane ? 100 : 77; });
  for_each_sample(*fitter.apply(*flat).value(), [](int plane, int x, int y, int sample) {
    ASSERT_NEAR(sample, plane ? 100 : 77, 1) << plane << ' ' << x << ' ' << y;
  });
  auto const again = fitter.apply(*in).value();
  for (int y = 0; y < 320; ++y)
    for (int x = 0; x < 180; ++x)
      ASSERT_EQ(again->data[0][y * again->linesize[0] + x], first->data[0][y * first->linesize[0] + x]);
}

TEST(Fitter, TheRightSizeIsHandedOn) {
  auto const in = noise(320, 180, 6);
  for (auto const* fit : {"pad", "crop", "blur", "stretch"}) {
    auto fitter = Fitter::open(fit, *in, 320, 180).value();
    EXPECT_EQ((fitter.apply(*in).value())->data[0], in->data[0]) << fit;
  }
}

TEST(Fitter, SamplesThatAreNotSquareBecomeSquare) {
  auto in = picture(360, 288, [](int plane, int, int) { return plane ? 90 : 200; });
  in->sample_aspect_ratio = {16, 15};
  auto fitter = Fitter::open("pad", *in, 480, 270).value();
  auto const out = fitter.apply(*in).value();
  EXPECT_EQ(out->sample_aspect_ratio.num, 1);
  EXPECT_EQ(out->sample_aspect_ratio.den, 1);
  EXPECT_EQ(black_outside(*out, {60, 0, 360, 270}), 0);
  EXPECT_NEAR(out->data[0][100 * out->linesize[0] + 62], 200, 1);
}

TEST(PicturePool, BuffersComeBack) {
  PicturePool pool(100, 50, AV_PIX_FMT_YUV420P, true);
  std::set<std::uint8_t*> seen;
  for (int i = 0; i < 50; ++i) {
    auto const a = pool.take().value(), b = pool.take().value();
    EXPECT_NE(a->data[0], b->data[0]);
    EXPECT_EQ(a->width, 100);
    EXPECT_EQ(a->height, 50);
    EXPECT_EQ(a->format, AV_PIX_FMT_YUV420P);
    if (i == 0) {
      EXPECT_EQ(black_outside(*a, {}), 0);
    }
    seen.insert({a->data[0], b->data[0]});
  }
  EXPECT_EQ(seen.size(), 2u);
}

TEST(PicturePool, APictureOutlivesItsPool) {
  Frame kept;
  {
    PicturePool pool(64, 64, AV_PIX_FMT_YUV420P, true);
    kept = pool.take().value();
  }
  EXPECT_EQ(black_outside(*kept, {}), 0);
}

}  // namespace
}  // namespace reelmill::av
