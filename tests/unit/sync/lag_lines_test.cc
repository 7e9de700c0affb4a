// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/lag_lines.h"

#include <random>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

// A window a second: on the line, or among noise up to a tenth of a second off.
std::vector<WindowLags> windows_of(int count, double offset, double slope, double share_of_noise, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> anywhere(-0.1, 0.1), chance(0, 1);
  std::normal_distribution<double> error(0, 0.00005);
  std::vector<WindowLags> out;
  for (int i = 0; i < count; ++i) {
    double const truth = offset + slope * i;
    WindowLags window{static_cast<double>(i), {{truth + anywhere(random), 4.2}, {truth + anywhere(random), 3.9}}};
    if (chance(random) >= share_of_noise) window.peaks.insert(window.peaks.begin(), {truth + error(random), 9});
    out.push_back(window);
  }
  return out;
}

TEST(LagLines, FindTheOffsetAndTheSlopeAmongNoise) {
  for (double const slope : {-150e-6, 0.0, 200e-6}) {
    auto const lines = fit_lines(windows_of(300, 12.3456, slope, 0.5), {0, 0.0003});
    ASSERT_EQ(lines.lines.size(), 1U);
    EXPECT_NEAR(lines.lines[0].offset, 12.3456, 0.00005);
    EXPECT_NEAR(lines.slope, slope, 0.5e-6);
  }
}

TEST(LagLines, TellTakesApartByTheirOffsetsWithOneSlope) {
  auto windows = windows_of(60, 1, 50e-6, 0.3, 2);
  auto const more = windows_of(120, 1.05, 50e-6, 0.3, 3);
  windows.insert(windows.end(), more.begin() + 60, more.end());
  auto const lines = fit_lines(windows, {0, 0.001});
  ASSERT_EQ(lines.lines.size(), 2U);
  EXPECT_NEAR(lines.lines[0].offset, 1, 0.0002);
  EXPECT_NEAR(lines.lines[1].offset, 1.05, 0.0002);
  EXPECT_LT(lines.lines[0].last, 60U);
  EXPECT_GE(lines.lines[1].first, 60U);
  EXPECT_NEAR(lines.slope, 50e-6, 2e-6);
}

TEST(LagLines, AFewStrayWindowsAreNoCut) {
  auto windows = windows_of(60, 1, 0, 0, 4);
  for (std::size_t i : {20U, 21U}) windows[i].peaks = {{1.06, 9}};
  auto const lines = fit_lines(windows, {0, 0.001});
  ASSERT_EQ(lines.lines.size(), 1U);
  EXPECT_EQ(lines.line_of[20], -1);
  EXPECT_EQ(lines.line_of[22], 0);
}

TEST(LagLines, NoiseGivesFewWindowsOnAnyLine) {
  auto const lines = fit_lines(windows_of(200, 0, 0, 1, 5), {0, 0.001});
  std::size_t on_lines = 0;
  for (auto const line : lines.line_of) on_lines += line >= 0 ? 1 : 0;
  EXPECT_LT(on_lines, 40U);
}

TEST(LagLines, NothingGivesNothing) {
  EXPECT_TRUE(fit_lines({}, {0, 0.001}).lines.empty());
  EXPECT_TRUE(fit_lines({{1, {}}, {2, {}}}, {0, 0.001}).lines.empty());
}

}  // namespace
}  // namespace reelmill
