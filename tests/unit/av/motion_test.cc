// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/motion.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "av/warp.h"

namespace reelmill::av {
namespace {

struct Picture {
  int width, height;
  std::vector<std::uint8_t> luma;
};

// Cloudy texture with detail of a few pixels and of many.
Picture texture(int width, int height, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> sum(static_cast<std::size_t>(width * height), 128);
  for (int const cell : {6, 17, 50}) {
    int const across = width / cell + 3, down = height / cell + 3;
    std::vector<double> knots(static_cast<std::size_t>(across * down));
    for (auto& knot : knots) knot = static_cast<double>(random() % 71) - 35;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        double const fx = static_cast<double>(x) / cell, fy = static_cast<double>(y) / cell;
        auto const ix = static_cast<int>(fx), iy = static_cast<int>(fy);
        auto const ease = [](double t) { return t * t * (3 - 2 * t); };
        double const tx = ease(fx - ix), ty = ease(fy - iy);
        auto const knot = [&](int kx, int ky) { return knots[static_cast<std::size_t>(ky * across + kx)]; };
        sum[static_cast<std::size_t>(y * width + x)] += (knot(ix, iy) * (1 - tx) + knot(ix + 1, iy) * tx) * (1 - ty) +
                                                        (knot(ix, iy + 1) * (1 - tx) + knot(ix + 1, iy + 1) * tx) * ty;
      }
  }
  Picture out{width, height, {}};
  for (auto const value : sum) out.luma.push_back(static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)));
  return out;
}

Picture moved(Picture const& in, Correction const& c) {
  Picture out{in.width, in.height, std::vector<std::uint8_t>(in.luma.size())};
  warp_plane({in.luma.data(), in.width, in.width, in.height}, out.luma.data(), in.width, affine_of(c, in.width, in.height, 0, 0),
             Border::mirror, 0);
  return out;
}

Motion next(MotionDetector& detector, Picture const& picture) { return detector.next(picture.luma.data(), picture.width); }

TEST(Fit, FindsASimilarityAmongOutliers) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> place(-400, 400), wrong(-30, 30);
  std::normal_distribution<double> noise(0, 0.05);
  for (int round = 0; round < 50; ++round) {
    Similarity const truth{wrong(random) / 3, wrong(random) / 3, wrong(random) / 3000, wrong(random) / 3000};
    std::vector<FieldMotion> fields;
    for (int i = 0; i < 100; ++i) {
      FieldMotion f{place(random), place(random) / 2, 0, 0};
      f.dx = truth.dx - truth.angle * f.y + truth.scale * f.x + noise(random);
      f.dy = truth.dy + truth.angle * f.x + truth.scale * f.y + noise(random);
      if (i < 40) f.dx = wrong(random), f.dy = wrong(random);
      fields.push_back(f);
    }
    auto const found = fit(fields);
    EXPECT_NEAR(found.dx, truth.dx, 0.05) << round;
    EXPECT_NEAR(found.dy, truth.dy, 0.05) << round;
    EXPECT_NEAR(found.angle, truth.angle, 0.0002) << round;
    EXPECT_NEAR(found.scale, truth.scale, 0.0002) << round;
  }
}

TEST(Fit, OneObjectThatMovesByItselfIsNotTheCamera) {
  std::vector<FieldMotion> fields;
  for (int y = -4; y <= 4; ++y)
    for (int x = -4; x <= 4; ++x) {
      bool const object = x > 0 && y > -2;  // 24 of 81 fields, all on one side
      fields.push_back({x * 60.0, y * 40.0, object ? 12.0 : 1.5, object ? -9.0 : -0.5});
    }
  auto const found = fit(fields);
  EXPECT_NEAR(found.dx, 1.5, 0.02);
  EXPECT_NEAR(found.dy, -0.5, 0.02);
  EXPECT_NEAR(found.angle, 0, 1e-4);
}

TEST(Fit, TooLittleIsNothing) {
  auto const found = fit({{0, 0, 5, 5}, {10, 10, 5, 5}});
  EXPECT_EQ(found.dx, 0);
  EXPECT_EQ(found.dy, 0);
}

void expect_found(int width, int height, double pixels, std::vector<Correction> const& places) {
  auto const base = texture(width, height, 7);
  auto detector = MotionDetector::open(width, height, 5, 15);
  ASSERT_TRUE(detector) << detector.error().text();
  Correction before = places.front();
  EXPECT_TRUE(next(*detector, moved(base, before)).cut);
  for (std::size_t i = 1; i < places.size(); ++i) {
    auto const motion = next(*detector, moved(base, places[i]));
    EXPECT_FALSE(motion.cut) << i;
    EXPECT_NEAR(motion.dx / 256.0, (places[i].dx - before.dx) / 256.0, pixels) << i;
    EXPECT_NEAR(motion.dy / 256.0, (places[i].dy - before.dy) / 256.0, pixels) << i;
    EXPECT_NEAR(motion.angle * 1e-6, (places[i].angle - before.angle) * 1e-6, 0.0005) << i;
    before = places[i];
  }
}

std::vector<Correction> const shaking{{0, 0, 0, 0},        {64, 0, 0, 0},         {64, -128, 0, 0},      {700, 333, 0, 0},
                                      {-500, 900, 0, 0},   {0, 0, 5'000, 0},      {512, 256, -4'000, 0}, {1400, -1100, 3'000, 0},
                                      {1410, -1090, 0, 0}, {1000, 1000, 8'000, 0}};

TEST(MotionDetector, FindsKnownMotions) { expect_found(640, 360, 0.1, shaking); }

// Half the size for the search, so a tenth of a pixel there is two here.
TEST(MotionDetector, FindsThemInASmallerCopyToo) { expect_found(1280, 720, 0.2, shaking); }

TEST(MotionDetector, AStandingPictureStands) {
  auto const picture = texture(640, 360, 3);
  auto detector = MotionDetector::open(640, 360, 5, 15).value();
  EXPECT_EQ(next(detector, picture), Motion{.cut = true});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(next(detector, picture), Motion{});
}

TEST(MotionDetector, FindsACutAndNothingElse) {
  auto detector = MotionDetector::open(640, 360, 5, 15).value();
  std::vector<bool> cuts;
  for (std::uint64_t shot = 0; shot < 3; ++shot) {
    auto base = texture(640, 360, 100 + shot);
    // Shots of one brightness are hard to tell apart in a small copy; light falls from another side in each.
    for (int y = 0; y < 360; ++y)
      for (int x = 0; x < 640; ++x) {
        auto& sample = base.luma[static_cast<std::size_t>(y * 640 + x)];
        int const light = shot == 1 ? x / 5 : (639 - x) / 5;
        sample = static_cast<std::uint8_t>(sample / 2 + light);
      }
    for (int i = 0; i < 5; ++i) cuts.push_back(next(detector, moved(base, {i * 300, i * -200, 0, 0})).cut);
  }
  for (std::size_t i = 0; i < cuts.size(); ++i) EXPECT_EQ(cuts[i], i % 5 == 0) << i;
}

// Unrelated textures of like brightness, as the search sees them: the cut must be found without help.
TEST(MotionDetector, FindsACutBetweenUnrelatedTextures) {
  auto detector = MotionDetector::open(640, 360, 5, 15).value();
  auto const a = texture(640, 360, 1), b = texture(640, 360, 2);
  EXPECT_TRUE(next(detector, a).cut);
  EXPECT_FALSE(next(detector, moved(a, {200, 100, 0, 0})).cut);
  EXPECT_TRUE(next(detector, b).cut);
  EXPECT_FALSE(next(detector, moved(b, {200, 100, 0, 0})).cut);
}

TEST(MotionDetector, WhatCameBeforeDoesNotMatter) {
  auto const base = texture(640, 360, 9);
  std::vector<Picture> film;
  for (auto const& place : shaking) film.push_back(moved(base, place));
  auto whole = MotionDetector::open(640, 360, 5, 15).value();
  std::vector<Motion> motions;
  for (auto const& picture : film) motions.push_back(next(whole, picture));
  for (std::size_t from = 1; from + 1 < film.size(); ++from) {
    auto detector = MotionDetector::open(640, 360, 5, 15).value();
    EXPECT_EQ(next(detector, film[from]), Motion{.cut = true});
    for (std::size_t i = from + 1; i < film.size(); ++i) EXPECT_EQ(next(detector, film[i]), motions[i]) << from << ' ' << i;
  }
}

TEST(MotionDetector, TinyPicturesDoNotMove) {
  auto detector = MotionDetector::open(16, 16, 5, 15).value();
  auto const a = texture(16, 16, 1);
  EXPECT_TRUE(next(detector, a).cut);
  EXPECT_EQ(next(detector, moved(a, {256, 0, 0, 0})), Motion{});
}

}  // namespace
}  // namespace reelmill::av
