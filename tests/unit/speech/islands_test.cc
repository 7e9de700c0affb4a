// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/islands.h"

#include <random>

#include <gtest/gtest.h>

namespace reelmill::speech {
namespace {

std::vector<float> voice_of(std::initializer_list<std::pair<int, float>> runs) {
  std::vector<float> out;
  for (auto const& [count, value] : runs) out.insert(out.end(), static_cast<std::size_t>(count), value);
  return out;
}

TEST(Islands, BeginAtASureVoiceAndGoOnWithALessSureOne) {
  auto const islands = islands_of(voice_of({{50, 0.1F}, {20, 0.9F}, {10, 0.4F}, {50, 0.1F}}), 130 * 32);
  ASSERT_EQ(islands.size(), 1U);
  EXPECT_LE(islands[0].from, 50 * 32);
  EXPECT_GE(islands[0].to, 80 * 32);
  EXPECT_LT(islands[0].to - islands[0].from, 40 * 32);
}

TEST(Islands, PassOverClicksAndBridgeStops) {
  EXPECT_TRUE(islands_of(voice_of({{50, 0.1F}, {1, 0.9F}, {50, 0.1F}}), 101 * 32).empty());
  EXPECT_EQ(islands_of(voice_of({{20, 0.9F}, {3, 0.1F}, {20, 0.9F}}), 43 * 32).size(), 1U);
  EXPECT_EQ(islands_of(voice_of({{20, 0.9F}, {15, 0.1F}, {20, 0.9F}}), 55 * 32).size(), 2U);
}

TEST(Islands, AreApartAndInsideWhateverTheVoice) {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> value(0, 1);
  for (int round = 0; round < 300; ++round) {
    std::vector<float> voice(random() % 400);
    float level = 0.5F;
    for (auto& each : voice) each = level = std::clamp(level + (value(random) - 0.5F) * 0.6F, 0.0F, 1.0F);
    auto const length =
        std::max<std::int64_t>(0, static_cast<std::int64_t>(voice.size()) * 32 - static_cast<std::int64_t>(random() % 32));
    std::int64_t end = 0;
    for (auto const& island : islands_of(voice, length)) {
      EXPECT_GE(island.from, end);
      EXPECT_LT(island.from, island.to);
      end = island.to;
    }
    EXPECT_LE(end, length);
  }
}

}  // namespace
}  // namespace reelmill::speech
