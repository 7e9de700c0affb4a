// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/downmix.h"

#include <gtest/gtest.h>

namespace reelmill::av {
namespace {

AVChannelLayout layout(char const* name) {
  AVChannelLayout out{};
  EXPECT_GE(av_channel_layout_from_string(&out, name), 0) << name;
  return out;
}

Matrix stereo(char const* name, Downmix const& downmix = {}) { return downmix_matrix(layout(name), 2, downmix); }
Matrix mono(char const* name, Downmix const& downmix = {}) { return downmix_matrix(layout(name), 1, downmix); }

void expect_near(std::vector<double> const& is, std::vector<double> const& wanted) {
  ASSERT_EQ(is.size(), wanted.size());
  for (std::size_t i = 0; i < is.size(); ++i) EXPECT_NEAR(is[i], wanted[i], 1e-4) << i;
}

constexpr Downmix as_it_is{.normalize = false};

TEST(Downmix, BothKindsOfSurround) {
  // FL FR FC LFE BL BR, and FL FR FC LFE SL SR.
  for (auto const* name : {"5.1", "5.1(side)"})
    expect_near(stereo(name, as_it_is).factors, {1, 0, 0.7071, 0, 0.7071, 0, 0, 1, 0.7071, 0, 0, 0.7071});
  expect_near(stereo("7.1", as_it_is).factors, {1, 0, 0.7071, 0, 0.7071, 0, 0.7071, 0, 0, 1, 0.7071, 0, 0, 0.7071, 0, 0.7071});
  expect_near(stereo("5.0", as_it_is).factors, {1, 0, 0.7071, 0.7071, 0, 0, 1, 0.7071, 0, 0.7071});
  expect_near(stereo("4.0", as_it_is).factors, {1, 0, 0.7071, 0.5, 0, 1, 0.7071, 0.5});
}

TEST(Downmix, NormalisedNothingCanClip) {
  double const whole = 1 + 2 * 0.7071;
  expect_near(stereo("5.1").factors, {1 / whole, 0, 0.7071 / whole, 0, 0.7071 / whole, 0,  //
                                      0, 1 / whole, 0.7071 / whole, 0, 0, 0.7071 / whole});
  for (auto const* name : {"3.0", "quad", "5.0", "5.1", "5.1(side)", "6.1", "7.1", "7.1(wide)", "22.2"})
    for (int const channels : {1, 2}) {
      auto const source = layout(name);
      auto const matrix = downmix_matrix(source, channels, {.center = 1, .surround = 1, .lfe = 1});
      auto const count = static_cast<std::size_t>(source.nb_channels);
      ASSERT_EQ(matrix.factors.size(), count * static_cast<std::size_t>(channels));
      for (std::size_t row = 0; row < static_cast<std::size_t>(channels); ++row) {
        double sum = 0;
        for (std::size_t i = 0; i < count; ++i) sum += matrix.factors[row * count + i];
        EXPECT_NEAR(sum, 1, 1e-9) << name;
      }
    }
}

TEST(Downmix, EveryFactorIsItsParameter) {
  expect_near(stereo("5.1", {.center = 0.5, .surround = 0.25, .lfe = 0.1, .normalize = false}).factors,
              {1, 0, 0.5, 0.1, 0.25, 0, 0, 1, 0.5, 0.1, 0, 0.25});
}

TEST(Downmix, MonoIsTheSameInBothSides) {
  expect_near(stereo("mono").factors, {1, 1});
  expect_near(stereo("mono", {.center = 0.1}).factors, {1, 1});
  expect_near(mono("stereo").factors, {0.5, 0.5});
  expect_near(mono("5.1", as_it_is).factors, {0.7071, 0.7071, 1, 0, 0.5, 0.5});
}

TEST(Downmix, ChannelsWithoutPlacesGoEverywhereAndFit) {
  AVChannelLayout unknown{};
  unknown.order = AV_CHANNEL_ORDER_UNSPEC;
  unknown.nb_channels = 10;
  for (auto const factor : downmix_matrix(unknown, 2, as_it_is).factors) EXPECT_NEAR(factor, 0.1, 1e-9);
}

TEST(Downmix, SaysWhatItDoes) {
  EXPECT_EQ(stereo("5.1(side)").text,
            "5.1(side) to stereo: left = 0.414 FL + 0.293 FC + 0.293 SL, right = 0.414 FR + 0.293 FC + 0.293 SR");
  EXPECT_EQ(mono("stereo").text, "stereo to mono: 0.5 FL + 0.5 FR");
}

TEST(Downmix, SurroundKeepsItsPlaces) {
  auto const placed = [](char const* name) { return placing_matrix(layout(name), layout("5.1")).factors; };
  std::vector<double> same(36);
  for (std::size_t i = 0; i < 6; ++i) same[7 * i] = 1;
  expect_near(placed("5.1"), same);
  expect_near(placed("5.1(side)"), same);
  expect_near(placed("stereo"), {1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});
  expect_near(placed("mono"), {0, 0, 1, 0, 0, 0});
}

}  // namespace
}  // namespace reelmill::av
