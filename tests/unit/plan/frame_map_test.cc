// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/frame_map.h"

#include <map>
#include <numeric>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

struct Film {
  SourceAnalysis analysis;
  Rational time_base;
};

// Frames of a steady rate, each time stamp rounded to the time base, from tick `start` on.
Film steady(std::int64_t frames, Rational rate, Rational time_base, std::int64_t start = 0) {
  Film film{{}, time_base};
  auto const at = [&](std::int64_t i) { return start + round(Rational(i) / rate / time_base); };
  for (std::int64_t i = 0; i < frames; ++i) film.analysis.pts.push_back(at(i));
  film.analysis.end = at(frames);
  return film;
}

Film ragged(std::mt19937_64& random) {
  Film film{{}, Rational(1, 90000)};
  auto at = static_cast<std::int64_t>(random() % 1'000'000) - 500'000;
  auto const frames = 2 + random() % 800;
  for (std::uint64_t i = 0; i < frames; ++i) {
    film.analysis.pts.push_back(at);
    at += 1 + static_cast<std::int64_t>(random() % (random() % 20 == 0 ? 90'000 : 6'000));
  }
  film.analysis.end = at;
  return film;
}

std::vector<Interval> intervals_of(std::int64_t frames, std::int64_t length) {
  std::vector<Interval> out;
  for (std::int64_t i = 0; i < frames; i += length) out.push_back({i, std::min(length, frames - i), {}});
  return out;
}

std::vector<Interval> random_intervals(std::int64_t frames, std::mt19937_64& random) {
  std::vector<Interval> out;
  for (std::int64_t i = 0; i < frames;) {
    auto const count = std::min(frames - i, 1 + static_cast<std::int64_t>(random() % 240));
    out.push_back({i, count, {}});
    i += count;
  }
  return out;
}

std::int64_t total(std::vector<std::vector<std::int32_t>> const& maps) {
  return std::accumulate(maps.begin(), maps.end(), std::int64_t{0},
                         [](std::int64_t sum, auto const& map) { return sum + static_cast<std::int64_t>(map.size()); });
}

TEST(FrameMap, TheFilmHasAsManyFramesAsItsDurationSays) {
  std::mt19937_64 random(1);
  for (int round_of_test = 0; round_of_test < 300; ++round_of_test) {
    auto const film = ragged(random);
    Rational const rate(1 + static_cast<std::int64_t>(random() % 120'000), random() % 2 ? 1000 : 1001);
    auto const maps = frame_maps(film.analysis, film.time_base,
                                 random_intervals(static_cast<std::int64_t>(film.analysis.pts.size()), random), rate);
    auto const duration = Rational(film.analysis.end - film.analysis.pts.front()) * film.time_base;
    EXPECT_EQ(total(maps), round(duration * rate));
  }
}

TEST(FrameMap, EqualRatesAreTheIdentity) {
  struct {
    Rational rate, time_base;
  } const cases[] = {
      {30, {1, 15360}}, {{30000, 1001}, {1, 30000}}, {30, {1, 1000}}, {{24000, 1001}, {1, 1000}}, {60, {1, 90000}}};
  for (auto const& c : cases) {
    auto const film = steady(1000, c.rate, c.time_base, 77);
    for (auto const& map : frame_maps(film.analysis, c.time_base, intervals_of(1000, 97), c.rate)) {
      EXPECT_TRUE(map.size() == 97 || map.size() == 30);
      for (std::size_t i = 0; i < map.size(); ++i) ASSERT_EQ(map[i], static_cast<std::int32_t>(i)) << to_string(c.rate);
    }
  }
}

// Shown within one source frame and half an output frame of its time; never backwards.
void expect_close(Film const& film, std::vector<Interval> const& intervals, Rational rate) {
  auto const maps = frame_maps(film.analysis, film.time_base, intervals, rate);
  auto const& pts = film.analysis.pts;
  auto const half_output = Rational(1, 2) / rate;
  std::int64_t frame = 0, last = 0;
  for (std::size_t i = 0; i < maps.size(); ++i)
    for (auto const offset : maps[i]) {
      ASSERT_GE(offset, 0);
      ASSERT_LT(offset, intervals[i].count);
      auto const source = static_cast<std::size_t>(intervals[i].first + offset);
      ASSERT_GE(static_cast<std::int64_t>(source), last);
      last = static_cast<std::int64_t>(source);
      auto const middle = Rational(2 * frame + 1, 2) / rate;
      auto const begin = Rational(pts[source] - pts.front()) * film.time_base;
      auto const end = Rational((source + 1 < pts.size() ? pts[source + 1] : film.analysis.end) - pts.front()) * film.time_base;
      ASSERT_TRUE(begin - half_output <= middle) << "output frame " << frame;
      ASSERT_TRUE(middle <= end + half_output) << "output frame " << frame;
      ++frame;
    }
}

TEST(FrameMap, ConversionsStayWhereTheyBelong) {
  Rational const ntsc(30000, 1001);
  expect_close(steady(2500, 25, {1, 12800}), intervals_of(2500, 103), 30);
  expect_close(steady(3000, ntsc, {1, 30000}), intervals_of(3000, 119), 30);
  expect_close(steady(6000, 60, {1, 15360}), intervals_of(6000, 250), 24);
  expect_close(steady(3000, 30, {1, 1000}), intervals_of(3000, 121), ntsc);
}

TEST(FrameMap, VariableRatesStayWhereTheyBelong) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 50; ++i) {
    auto const film = ragged(random);
    expect_close(film, random_intervals(static_cast<std::int64_t>(film.analysis.pts.size()), random), 30);
  }
}

TEST(FrameMap, SpeedingUpDropsAndSlowingDownRepeatsEvenly) {
  auto const faster = frame_maps(steady(250, 25, {1, 12800}).analysis, {1, 12800}, intervals_of(250, 250), 30).at(0);
  ASSERT_EQ(faster.size(), 300u);
  std::map<std::int32_t, int> times;
  for (auto const source : faster) ++times[source];
  EXPECT_EQ(times.size(), 250u);
  for (auto const& [source, count] : times) EXPECT_LE(count, 2) << source;
  auto const slower = frame_maps(steady(600, 60, {1, 15360}).analysis, {1, 15360}, intervals_of(600, 600), 24).at(0);
  ASSERT_EQ(slower.size(), 240u);
  for (std::size_t i = 1; i < slower.size(); ++i) {
    EXPECT_GE(slower[i] - slower[i - 1], 2);
    EXPECT_LE(slower[i] - slower[i - 1], 3);
  }
}

TEST(FrameMap, AShiftOfAllTimesChangesNothing) {
  auto const here = steady(1000, 25, {1, 12800}), there = steady(1000, 25, {1, 12800}, 987'654'321);
  auto const intervals = intervals_of(1000, 101);
  EXPECT_EQ(frame_maps(here.analysis, here.time_base, intervals, 30), frame_maps(there.analysis, there.time_base, intervals, 30));
}

TEST(FrameMap, WhereTheFilmBeginsDecidesBetweenTwoLengthsOnly) {
  // The same chunk of 103 frames, with more and more of the film before it cut away.
  std::map<std::size_t, std::set<std::vector<std::int32_t>>> by_length;
  for (std::int64_t before = 0; before < 60; ++before) {
    auto const film = steady(before + 400, 25, {1, 12800});
    std::vector<Interval> intervals;
    if (before > 0) intervals.push_back({0, before, {}});
    intervals.push_back({before, 103, {}});
    intervals.push_back({before + 103, 297, {}});
    auto const map = frame_maps(film.analysis, film.time_base, intervals, 30).at(before > 0 ? 1 : 0);
    by_length[map.size()].insert(map);
  }
  ASSERT_EQ(by_length.size(), 2u);
  EXPECT_EQ(by_length.begin()->first + 1, std::next(by_length.begin())->first);
  for (auto const& [length, maps] : by_length) EXPECT_EQ(maps.size(), 1u) << length;
}

}  // namespace
}  // namespace reelmill
