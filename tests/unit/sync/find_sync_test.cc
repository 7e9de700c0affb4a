// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/find_sync.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

using Sound = std::vector<double>;
constexpr double rate = compared_rate;

// Noise in syllables: bursts of changing length and colour, with rests.
Sound syllables(double seconds, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 1);
  std::uniform_real_distribution<double> part(0, 1);
  Sound out(static_cast<std::size_t>(seconds * rate), 0);
  double low = 0;
  for (std::size_t at = 0; at < out.size();) {
    auto const length = static_cast<std::size_t>((0.08 + 0.25 * part(random)) * rate);
    double const height = part(random), colour = 0.2 + 0.7 * part(random);
    for (std::size_t i = 0; i < length && at + i < out.size(); ++i) {
      low = colour * low + (1 - colour) * noise(random);
      out[at + i] = height * low * std::sin(std::numbers::pi * static_cast<double>(i) / static_cast<double>(length));
    }
    at += length + static_cast<std::size_t>(0.15 * part(random) * part(random) * rate);
  }
  return out;
}

// Between its samples; silence outside.
Sound read(Sound const& from, double first, double step, std::size_t count) {
  Sound out(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    double const place = first + step * static_cast<double>(i);
    auto const whole = static_cast<std::ptrdiff_t>(std::floor(place));
    for (auto at = whole - 15; at <= whole + 16; ++at) {
      if (at < 0 || at >= static_cast<std::ptrdiff_t>(from.size())) continue;
      double const distance = place - static_cast<double>(at), x = std::numbers::pi * distance;
      out[i] += from[static_cast<std::size_t>(at)] * (x == 0 ? 1 : std::sin(x) / x) * std::pow(std::cos(x / 36), 2);
    }
  }
  return out;
}

Sound part_of(Sound const& sound, double from, double to) {
  return {sound.begin() + std::lround(from * rate), sound.begin() + std::lround(to * rate)};
}

Sound joined(Sound first, Sound const& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Recording recorded(Sound const& sound, double noise = 0, unsigned seed = 99) {
  std::mt19937 random(seed);
  std::normal_distribution<double> error(0, 1);
  double energy = 0;
  for (auto const value : sound) energy += value * value;
  double const mean = std::sqrt(energy / static_cast<double>(sound.size()));
  Recording out;
  for (auto const value : sound)
    out.samples.push_back(
        static_cast<std::int16_t>(std::clamp((value + noise * mean * error(random)) / mean * 3000, -32767.0, 32767.0)));
  return out;
}

double delay_at(SyncFinding const& found, std::size_t segment, double t) {
  return found.segments[segment].offset + found.drift * t;
}

TEST(FindSync, GivesTheDelayOfTheOtherToAFractionOfASample) {
  auto const sound = syllables(60, 1);
  auto const a = recorded(part_of(sound, 0, 50));
  for (double const offset : {7.25, 7.25 + 0.4 / rate}) {
    auto const b = recorded(read(sound, offset * rate, 1, 40 * 8000), 0.5);
    auto const found = find_sync(a, b);
    ASSERT_TRUE(found) << found.error().what;
    ASSERT_EQ(found->outcome, SyncOutcome::offset) << found->reason;
    EXPECT_NEAR(delay_at(*found, 0, 20), offset, 0.2 / rate);
    EXPECT_GT(found->confidence, 0.9);
    auto const other_way = find_sync(b, a);
    ASSERT_TRUE(other_way);
    EXPECT_NEAR(delay_at(*other_way, 0, 20), -offset, 0.2 / rate);
  }
}

TEST(FindSync, FollowsClocksThatRunApart) {
  auto const sound = syllables(130, 2);
  auto const a = recorded(part_of(sound, 0, 120), 1, 7);
  for (double const drift : {-200e-6, 180e-6}) {
    auto const b = recorded(read(sound, 5 * rate, 1 / (1 - drift), 110 * 8000), 0.3);
    for (bool const turned : {false, true}) {
      auto const found = turned ? find_sync(b, a) : find_sync(a, b);
      ASSERT_TRUE(found);
      ASSERT_EQ(found->outcome, SyncOutcome::offset) << found->reason;
      if (turned) {
        EXPECT_NEAR(found->drift, -drift / (1 - drift), 3e-6);
        EXPECT_NEAR(delay_at(*found, 0, 50), -5 - drift / (1 - drift) * 50, 0.0003);
      } else {
        EXPECT_NEAR(found->drift, drift, 3e-6);
        EXPECT_NEAR(delay_at(*found, 0, 55), 5 + drift * 50, 0.0003);
      }
    }
  }
}

TEST(FindSync, PlacesACutAndItsJump) {
  auto const sound = syllables(80, 3);
  auto const a = recorded(part_of(sound, 0, 80));
  auto const edited = joined(part_of(sound, 0, 30), part_of(sound, 32.5, 80));
  auto const lacking = find_sync(a, recorded(edited));
  ASSERT_TRUE(lacking);
  ASSERT_EQ(lacking->segments.size(), 2U) << lacking->reason;
  EXPECT_NEAR(lacking->segments[1].offset - lacking->segments[0].offset, 2.5, 0.0003);
  EXPECT_NEAR(lacking->segments[0].to, 30, 0.1);
  EXPECT_NEAR(lacking->segments[1].from, 32.5, 0.1);
  EXPECT_EQ(lacking->outcome, SyncOutcome::offset);

  auto const longer = joined(joined(part_of(sound, 0, 30), syllables(2, 4)), part_of(sound, 30, 80));
  auto const extended = find_sync(a, recorded(longer));
  ASSERT_TRUE(extended);
  ASSERT_EQ(extended->segments.size(), 2U);
  EXPECT_NEAR(extended->segments[1].offset - extended->segments[0].offset, -2, 0.0003);
  EXPECT_NEAR(extended->segments[0].to, 30, 0.1);
  EXPECT_NEAR(extended->segments[1].from, 30, 0.1);
}

// A recorder that began before the camera and was stopped once.
TEST(FindSync, PlacesACutOfTheLongerRecording) {
  for (unsigned seed = 30; seed < 36; ++seed) {
    auto const sound = syllables(90, seed);
    double const missing = 0.8 + 3.7 * (seed - 30);
    auto const longer = joined(syllables(40, seed + 100), joined(part_of(sound, 0, 35), part_of(sound, 35 + missing, 90)));
    auto const a = recorded(sound), b = recorded(longer, 0.3);
    for (bool const is_turned : {false, true}) {
      auto const found = is_turned ? find_sync(b, a) : find_sync(a, b);
      ASSERT_TRUE(found);
      ASSERT_EQ(found->segments.size(), 2U) << missing << ' ' << is_turned << ' ' << found->reason;
      double const jump = found->segments[1].offset - found->segments[0].offset;
      EXPECT_NEAR(is_turned ? -jump : jump, missing, 0.0005) << missing;
    }
  }
}

// Whose two halves, taken together, look like a drift.
TEST(FindSync, SeesAShortCutInALongRecording) {
  auto const sound = syllables(600, 21);
  auto const edited = joined(part_of(sound, 0, 300), part_of(sound, 300.3, 600));
  auto const found = find_sync(recorded(sound), recorded(edited, 0.5));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->segments.size(), 2U) << found->reason;
  EXPECT_NEAR(found->drift, 0, 1e-6);
  EXPECT_NEAR(found->segments[1].offset - found->segments[0].offset, 0.3, 0.0003);
  EXPECT_NEAR(found->segments[0].to, 300, 0.15);
}

TEST(FindSync, TakesInAnotherOrderAreRefused) {
  auto const sound = syllables(60, 22);
  auto const turned = joined(part_of(sound, 30, 60), part_of(sound, 0, 30));
  auto const found = find_sync(recorded(sound), recorded(turned));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->outcome, SyncOutcome::refused);
  EXPECT_NE(found->reason.find("another order"), std::string::npos) << found->reason;
}

TEST(FindSync, WhatIsInSyncIsLeftAlone) {
  auto const sound = syllables(30, 5);
  auto const found = find_sync(recorded(sound, 0.7, 1), recorded(sound, 0.7, 2));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->outcome, SyncOutcome::in_sync);
}

TEST(FindSync, RefusesWhatIsNotTheSame) {
  for (unsigned seed = 10; seed < 16; ++seed) {
    auto const found = find_sync(recorded(syllables(40, seed)), recorded(syllables(60, seed + 100)));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->outcome, SyncOutcome::refused) << found->confidence;
    EXPECT_FALSE(found->reason.empty());
    EXPECT_TRUE(found->segments.empty());
  }
}

TEST(FindSync, RefusesWhatIsTooShortAndSaysSo) {
  auto const sound = syllables(40, 3);
  auto const finding = find_sync(recorded(sound), recorded(part_of(sound, 10, 14))).value();
  EXPECT_EQ(finding.outcome, SyncOutcome::refused);
  EXPECT_NE(finding.reason.find("too short"), std::string::npos) << finding.reason;
}

TEST(FindSync, TellsEverMore) {
  auto const sound = syllables(30, 4);
  std::vector<double> told;
  EXPECT_TRUE(find_sync(recorded(sound), recorded(part_of(sound, 5, 25)), [&](double share) { told.push_back(share); }));
  ASSERT_GT(told.size(), 20u);
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_NEAR(told.back(), 1, 1e-9);
}

TEST(FindSync, RefusesSilenceAndNothing) {
  Recording const silence{std::vector<std::int16_t>(80000, 0)};
  auto const sound = recorded(syllables(10, 6));
  for (auto const& [a, b] :
       {std::pair{silence, sound}, std::pair{sound, silence}, std::pair{silence, silence}, std::pair{Recording{}, sound}}) {
    auto const found = find_sync(a, b);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->outcome, SyncOutcome::refused);
  }
}

}  // namespace
}  // namespace reelmill
