// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/windows.h"

#include <random>

#include <gtest/gtest.h>

#include "speech/islands.h"

namespace reelmill::speech {
namespace {

constexpr double step = voice_step;

std::vector<Window> packed(std::vector<Island> const& islands, std::int64_t length, std::vector<float> voice = {}) {
  if (voice.empty()) voice.assign(static_cast<std::size_t>(static_cast<double>(length) / step) + 1, 1.0F);
  return pack(islands, voice, step, length);
}

TEST(Windows, PutIslandsTogetherAndKeepShortRests) {
  auto const windows = packed({{1000, 3000}, {3500, 6000}}, 8000);
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(windows[0].pieces, (std::vector<Piece>{{0, 1000 - margin, 6000 + margin}}));
}

TEST(Windows, CutLongRestsInTheirMiddle) {
  auto const windows = packed({{1000, 3000}, {13'000, 14'000}}, 20'000);
  ASSERT_EQ(windows.size(), 1U);
  ASSERT_EQ(windows[0].pieces.size(), 2U);
  EXPECT_EQ(windows[0].pieces[0].to, 3000 + longest_gap / 2);
  EXPECT_EQ(windows[0].pieces[1].from, 13'000 - longest_gap / 2);
  EXPECT_EQ(windows[0].pieces[1].at, windows[0].pieces[0].to - windows[0].pieces[0].from);
}

TEST(Windows, LeadBackToTheSoundsClock) {
  auto const window = packed({{1000, 3000}, {13'000, 14'000}}, 20'000).front();
  EXPECT_EQ(sound_time(window, 0, Edge::begin), 1000 - margin);
  EXPECT_EQ(sound_time(window, margin, Edge::begin), 1000);
  auto const meeting = window.pieces[1].at;
  EXPECT_EQ(sound_time(window, meeting, Edge::begin), 13'000 - longest_gap / 2);
  EXPECT_EQ(sound_time(window, meeting, Edge::end), 3000 + longest_gap / 2);
  EXPECT_EQ(sound_time(window, meeting + longest_gap / 2 + 10, Edge::begin), 13'010);
  EXPECT_EQ(sound_time(window, 1'000'000, Edge::end), 14'000 + margin);
  EXPECT_EQ(sound_time({}, 5, Edge::begin), 0);
}

TEST(Windows, EndAtTheLongestRestOfTheirLastThird) {
  // 4 s each; the rest after the sixth is the longest that a window could end at.
  std::vector<Island> islands;
  std::int64_t at = 0;
  for (int i = 0; i < 10; ++i) {
    islands.push_back({at, at + 4000});
    at += 4000 + (i == 5 ? 500 : 100);
  }
  auto const windows = packed(islands, at);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[0].islands.size(), 6U);
}

TEST(Windows, CutIslandsThatAreTooLongWhereTheVoiceIsLeast) {
  std::vector<float> voice(4000, 0.9F);
  auto const quiet = static_cast<std::size_t>(20'000 / step);
  voice[quiet] = 0.4F;
  auto const windows = packed({{0, 45'000}}, 45'000, voice);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_NEAR(static_cast<double>(windows[0].islands.back().to), 20'000, step);
  EXPECT_EQ(windows[0].islands.back().to, windows[1].islands.front().from);
}

TEST(Windows, HoldEverySpeechOnceAndFitTheModelWhateverComes) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<Island> islands;
    std::int64_t at = std::uniform_int_distribution<>(0, 3000)(random);
    for (int i = std::uniform_int_distribution<>(1, 40)(random); i > 0; --i) {
      auto const length = std::uniform_int_distribution<>(50, random() % 8 == 0 ? 90'000 : 6000)(random);
      islands.push_back({at, at + length});
      at += length + std::uniform_int_distribution<>(1, random() % 4 == 0 ? 20'000 : 800)(random);
    }
    auto const length = at + std::uniform_int_distribution<>(0, 2000)(random);
    std::int64_t end = 0, speech = 0, wanted = 0;
    for (auto const& island : islands) wanted += island.to - island.from;
    for (auto const& window : packed(islands, length)) {
      EXPECT_LE(window.length(), longest_window);
      std::int64_t next = 0;
      for (auto const& piece : window.pieces) {
        EXPECT_EQ(piece.at, next);
        EXPECT_GE(piece.from, end);
        EXPECT_LT(piece.from, piece.to);
        next = piece.at + piece.to - piece.from;
        end = piece.to;
      }
      for (auto const& island : window.islands) {
        speech += island.to - island.from;
        bool inside = false;
        for (auto const& piece : window.pieces) inside = inside || (piece.from <= island.from && island.to <= piece.to);
        EXPECT_TRUE(inside);
      }
    }
    EXPECT_LE(end, length);
    EXPECT_EQ(speech, wanted);
  }
}

TEST(Windows, GoOnWhereTheModelStopped) {
  auto const window = packed({{1000, 3000}, {13'000, 14'000}}, 20'000).front();
  auto const rest = rest_of(window, 2000);
  EXPECT_EQ(rest.islands.front().from, 2000);
  EXPECT_EQ(rest.pieces.front().from, 2000);
  EXPECT_EQ(rest.pieces.front().at, 0);
  EXPECT_EQ(rest.length(), window.length() - (2000 - 1000 + margin));
  EXPECT_TRUE(rest_of(window, 14'000).pieces.empty());
}

TEST(Windows, HoldTheSamplesOfTheirPieces) {
  std::vector<float> sound(static_cast<std::size_t>(3 * rate));
  for (std::size_t i = 0; i < sound.size(); ++i) sound[i] = static_cast<float>(i);
  Window const window{.pieces = {{0, 100, 200}, {100, 2950, 3050}}, .islands = {}};
  auto const samples = cut(window, sound);
  ASSERT_EQ(samples.size(), 200U * samples_of_ms);
  EXPECT_EQ(samples[0], 1600);
  EXPECT_EQ(samples[1600], 2950 * 16);
  EXPECT_EQ(samples.back(), 0);  // beyond the end
}

}  // namespace
}  // namespace reelmill::speech
