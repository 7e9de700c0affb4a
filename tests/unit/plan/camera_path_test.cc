// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/camera_path.h"

#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

constexpr int width = 1280, height = 720;
constexpr PathOptions options{.smoothing = 30, .max_zoom = 0.15};

std::vector<Motion> shaky(std::size_t frames, std::uint64_t seed, int pixels = 6) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> shake(0, pixels * 256), turn(0, 1500);
  std::vector<Motion> motion(frames);
  std::int32_t x = 0, y = 0, angle = 0;
  for (std::size_t i = 1; i < frames; ++i) {
    auto const to_x = static_cast<std::int32_t>(shake(random)), to_y = static_cast<std::int32_t>(shake(random)),
               to_angle = static_cast<std::int32_t>(turn(random));
    motion[i] = {to_x - x, to_y - y, to_angle - angle, false};
    x = to_x, y = to_y, angle = to_angle;
  }
  motion[0].cut = true;
  return motion;
}

bool same_but_for_zoom(Correction a, Correction b) {
  a.zoom = b.zoom = 0;
  return a == b;
}

TEST(CameraPath, FarFramesDoNotMatter) {
  auto const motion = shaky(600, 1);
  auto const whole = steady_path(motion, width, height, options);
  std::vector<Motion> later(motion.begin() + 100, motion.end());
  later[0] = {.cut = true};
  auto const part = steady_path(later, width, height, options);
  std::vector<Motion> const earlier(motion.begin(), motion.begin() + 400);
  auto const beginning = steady_path(earlier, width, height, options);
  for (std::size_t i = 130; i < 600; ++i) EXPECT_TRUE(same_but_for_zoom(whole[i], part[i - 100])) << i;
  for (std::size_t i = 0; i < 370; ++i) EXPECT_TRUE(same_but_for_zoom(whole[i], beginning[i])) << i;
  EXPECT_FALSE(same_but_for_zoom(whole[105], part[5]));  // near ones do
}

TEST(CameraPath, ACutKeepsShotsApart) {
  auto first = shaky(200, 2), second = shaky(300, 3, 9);
  auto both = first;
  both.insert(both.end(), second.begin(), second.end());
  auto expected = steady_path(first, width, height, options);
  auto const rest = steady_path(second, width, height, options);
  expected.insert(expected.end(), rest.begin(), rest.end());
  EXPECT_EQ(steady_path(both, width, height, options), expected);  // zoom too
  EXPECT_NE(expected[0].zoom, expected[200].zoom);
  both[200].cut = false;
  EXPECT_NE(steady_path(both, width, height, options), expected);
}

TEST(CameraPath, APanIsLeftAlone) {
  for (std::size_t const frames : {1u, 2u, 3u, 10u, 31u, 300u}) {
    std::vector<Motion> pan(frames, Motion{700, -300, 400, false});
    pan[0] = {.cut = true};
    for (auto const& correction : steady_path(pan, width, height, options)) EXPECT_EQ(correction, Correction{}) << frames;
  }
}

double deviation(std::vector<double> const& values) {
  double mean = 0, sum = 0;
  for (auto const value : values) mean += value / static_cast<double>(values.size());
  for (auto const value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

TEST(CameraPath, AThreeHertzShakeIsTakenOut) {
  std::vector<Motion> motion(300);
  std::vector<double> path(300), steadied(300);
  for (std::size_t i = 0; i < 300; ++i) {
    path[i] = std::round(10 * 256 * std::sin(2 * std::numbers::pi * 3 * static_cast<double>(i) / 30));
    if (i > 0) motion[i].dx = static_cast<std::int32_t>(path[i] - path[i - 1]);
  }
  motion[0].cut = true;
  auto const corrections = steady_path(motion, width, height, options);
  for (std::size_t i = 0; i < 300; ++i) steadied[i] = path[i] + corrections[i].dx;
  EXPECT_LT(deviation(steadied), 0.1 * deviation(path));
}

TEST(CameraPath, AShakeOnAPanLeavesThePan) {
  std::vector<Motion> motion(300);
  std::vector<double> off(300);
  double before = 0;
  for (std::size_t i = 0; i < 300; ++i) {
    double const at =
        std::round(900.0 * static_cast<double>(i) + 2000 * std::sin(2 * std::numbers::pi * 4 * static_cast<double>(i) / 30));
    if (i > 0) motion[i].dx = static_cast<std::int32_t>(at - before);
    before = off[i] = at;
  }
  motion[0].cut = true;
  auto const corrections = steady_path(motion, width, height, options);
  for (std::size_t i = 0; i < 300; ++i) off[i] += corrections[i].dx - 900.0 * static_cast<double>(i);
  EXPECT_LT(deviation(off), 200);  // of 1414
}

// Whether every corner of the view lies on the picture that is moved, turned and enlarged.
bool is_covered(Correction const& c) {
  double const shrink = 1 / (1 + c.zoom * 1e-6), angle = c.angle * 1e-6;
  for (double const cx : {-width / 2.0, width / 2.0})
    for (double const cy : {-height / 2.0, height / 2.0}) {
      double const x = cx * shrink - c.dx / 256.0, y = cy * shrink - c.dy / 256.0;
      double const back_x = std::cos(angle) * x + std::sin(angle) * y, back_y = -std::sin(angle) * x + std::cos(angle) * y;
      if (std::abs(back_x) > width / 2.0 + 0.01 || std::abs(back_y) > height / 2.0 + 0.01) return false;
    }
  return true;
}

TEST(CameraPath, TheZoomHidesTheBordersAndNoMore) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    auto const corrections = steady_path(shaky(400, seed, 1 + static_cast<int>(seed) / 2), width, height, options);
    ASSERT_LT(corrections[0].zoom, 150'000);
    int covered = 0, covered_with_less = 0;
    for (auto correction : corrections) {
      EXPECT_EQ(correction.zoom, corrections[0].zoom);
      covered += is_covered(correction);
      correction.zoom = correction.zoom * 3 / 4;
      covered_with_less += is_covered(correction);
    }
    EXPECT_GE(covered, 388) << seed;
    EXPECT_LT(covered_with_less, 388) << seed;
  }
}

TEST(CameraPath, TheZoomHasALimit) {
  for (auto const& correction : steady_path(shaky(300, 4, 80), width, height, options)) EXPECT_EQ(correction.zoom, 150'000);
  for (auto const& correction : steady_path(shaky(300, 4, 80), width, height, {.smoothing = 30, .max_zoom = 0}))
    EXPECT_EQ(correction.zoom, 0);
}

TEST(CameraPath, NothingIsNothing) {
  EXPECT_TRUE(steady_path({}, width, height, options).empty());
  EXPECT_EQ(steady_path({Motion{.cut = true}}, width, height, options), std::vector<Correction>(1));
}

}  // namespace
}  // namespace reelmill
