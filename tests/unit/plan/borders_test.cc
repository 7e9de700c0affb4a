// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/borders.h"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

constexpr std::int64_t ticks = 512;  // a frame at 30 fps
constexpr std::int64_t second = 30 * ticks;

VideoPacket packet_of(std::int64_t frame, Access access, std::uint64_t hash) {
  return {frame * ticks, frame * ticks, ticks, 1000, access, false, hash};
}

SourceIndex index_of(std::vector<VideoPacket> packets) {
  SourceIndex index;
  index.video.emplace_back().time_base = Rational(1, 15360);
  index.packets = std::move(packets);
  return index;
}

// Packets with hashes of their own; every `gop` frames an access point.
std::vector<VideoPacket> film(std::int64_t frames, std::int64_t gop, std::uint64_t seed, Access access = Access::closed) {
  std::mt19937_64 random(seed);
  std::vector<VideoPacket> packets;
  for (std::int64_t i = 0; i < frames; ++i) packets.push_back(packet_of(i, i % gop == 0 ? access : Access::none, random()));
  return packets;
}

// An encoder's own choice of access points: 0.2 s to 3 s apart.
std::vector<VideoPacket> ragged_film(std::int64_t frames, std::uint64_t seed, Access access = Access::closed) {
  std::mt19937_64 random(seed);
  std::vector<VideoPacket> packets;
  std::int64_t next = 0;
  for (std::int64_t i = 0; i < frames; ++i) {
    bool const is_point = i == next;
    if (is_point) next += 6 + static_cast<std::int64_t>(random() % 84);
    packets.push_back(packet_of(i, is_point ? access : Access::none, random()));
  }
  return packets;
}

void number_again(std::vector<VideoPacket>& packets) {
  for (std::size_t i = 0; i < packets.size(); ++i) packets[i].pts = packets[i].dts = static_cast<std::int64_t>(i) * ticks;
}

SourceAnalysis analysis_of(SourceIndex const& index) {
  SourceAnalysis analysis;
  for (auto const& packet : index.packets) analysis.pts.push_back(packet.pts);
  std::sort(analysis.pts.begin(), analysis.pts.end());
  analysis.end = analysis.pts.back() + ticks;
  return analysis;
}

std::vector<double> lengths(SourceIndex const& index, std::vector<Border> const& borders) {
  std::vector<double> out;
  for (std::size_t i = 0; i < borders.size(); ++i) {
    auto const end = i + 1 < borders.size() ? borders[i + 1].pts : analysis_of(index).end;
    out.push_back(static_cast<double>(end - borders[i].pts) / second);
  }
  return out;
}

TEST(Borders, KeepMinimumAndMaximum) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    auto const index = index_of(seed % 2 ? ragged_film(9000, seed) : film(9000, 1 + static_cast<std::int64_t>(seed), seed));
    auto const all = lengths(index, find_borders(index));
    for (auto const length : all) {
      EXPECT_GE(length, 2.0) << "seed " << seed;
      EXPECT_LE(length, 8.0) << "seed " << seed;
    }
  }
}

TEST(Borders, LieNearTheTargetWherePointsAreDense) {
  for (std::int64_t const gop : {1, 5, 15}) {
    auto const index = index_of(film(108'000, gop, 3));
    double const mean = 3600.0 / static_cast<double>(find_borders(index).size());
    EXPECT_GT(mean, 3.3) << gop;
    EXPECT_LT(mean, 4.5) << gop;
  }
}

TEST(Borders, AreAccessPointsThatDecodeFromThemselves) {
  auto const index = index_of(ragged_film(9000, 5));
  for (auto const& border : find_borders(index)) {
    EXPECT_FALSE(border.inside_gop);
    EXPECT_EQ(border.pts, border.seek.pts);
    auto const& packet = index.packets[static_cast<std::size_t>(border.pts / ticks)];
    EXPECT_EQ(packet.access, Access::closed);
    EXPECT_EQ(packet.hash, border.seek.hash);
  }
}

std::set<std::uint64_t> hashes(std::vector<Border> const& borders) {
  std::set<std::uint64_t> out;
  for (auto const& border : borders) out.insert(border.seek.hash);
  return out;
}

// The share of borders after packet `from` of the old film that the new one has as well.
double shared(std::vector<VideoPacket> const& before, std::vector<VideoPacket> after, std::size_t from) {
  number_again(after);
  auto const kept = hashes(find_borders(index_of(std::move(after))));
  int all = 0, same = 0;
  for (auto const& border : find_borders(index_of(before))) {
    if (border.pts < static_cast<std::int64_t>(from) * ticks) continue;
    ++all;
    same += kept.contains(border.seek.hash);
  }
  return static_cast<double>(same) / all;
}

template <class Edit>
void expect_most_shared(Edit edit) {
  double sum = 0, least = 1;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    auto const before = ragged_film(9000, 1000 + seed);
    auto [after, from] = edit(before, seed);
    double const share = shared(before, std::move(after), from);
    sum += share;
    least = std::min(least, share);
  }
  EXPECT_GE(sum / 100, 0.85);
  EXPECT_GE(least, 0.5);
}

std::size_t next_point(std::vector<VideoPacket> const& packets, std::size_t from) {
  while (packets[from].access == Access::none) ++from;
  return from;
}

TEST(Borders, StayWhereTheBeginningIsCutOff) {
  expect_most_shared([](auto const& before, std::uint64_t seed) {
    auto const from = next_point(before, 30 + seed * 3);
    return std::pair(std::vector(before.begin() + static_cast<std::ptrdiff_t>(from), before.end()), from);
  });
}

TEST(Borders, StayWhereTheMiddleIsCutOut) {
  expect_most_shared([](auto before, std::uint64_t seed) {
    auto const from = next_point(before, 2000), end = next_point(before, 2100 + seed * 5);
    before.erase(before.begin() + static_cast<std::ptrdiff_t>(from), before.begin() + static_cast<std::ptrdiff_t>(end));
    return std::pair(before, end);
  });
}

TEST(Borders, StayWherePacketsAreInserted) {
  expect_most_shared([](auto before, std::uint64_t seed) {
    auto const at = next_point(before, 2000);
    auto const more = ragged_film(60 + static_cast<std::int64_t>(seed) * 7, 7777 + seed);
    before.insert(before.begin() + static_cast<std::ptrdiff_t>(at), more.begin(), more.end());
    return std::pair(before, at);
  });
}

TEST(Borders, BeforeAnEditDoNotMove) {
  auto const before = ragged_film(9000, 42);
  std::vector<VideoPacket> after(before.begin(), before.begin() + 4500);
  after.insert(after.end(), before.begin() + 4800, before.end());
  number_again(after);
  auto const old_borders = find_borders(index_of(before)), new_borders = find_borders(index_of(after));
  std::size_t compared = 0;
  // A choice looks at most the maximum ahead.
  for (; old_borders[compared].pts < 4500 * ticks - 8 * second; ++compared) {
    EXPECT_EQ(old_borders[compared].pts, new_borders[compared].pts);
    EXPECT_EQ(old_borders[compared].seek.hash, new_borders[compared].seek.hash);
  }
  EXPECT_GT(compared, 20u);
}

TEST(Borders, LongGroupsAreCutInsideAtEqualSteps) {
  auto const index = index_of(film(1800, 1800, 1));  // one group of a minute
  auto const borders = find_borders(index);
  ASSERT_EQ(borders.size(), 15u);
  for (std::size_t i = 0; i < borders.size(); ++i) {
    EXPECT_EQ(borders[i].inside_gop, i > 0);
    EXPECT_EQ(borders[i].pts, static_cast<std::int64_t>(i) * 4 * second);
    EXPECT_EQ(borders[i].seek.hash, index.packets[0].hash);
    EXPECT_EQ(borders[i].seek.dts, 0);
  }
}

TEST(Borders, ALongGroupInTheMiddleIsReachedFromItsOwnKeyFrame) {
  auto packets = film(3000, 30, 9);
  for (std::size_t i = 901; i < 1800; ++i) packets[i].access = Access::none;
  auto const index = index_of(std::move(packets));
  int inside = 0;
  for (auto const& border : find_borders(index)) {
    if (!border.inside_gop) continue;
    ++inside;
    EXPECT_GT(border.pts, border.seek.pts);
    EXPECT_GT(border.pts, 900 * ticks - 8 * second);
    EXPECT_LT(border.pts, 1800 * ticks);
    EXPECT_LE(border.seek.pts, 900 * ticks);
  }
  EXPECT_GE(inside, 5);
  for (auto const length : lengths(index, find_borders(index))) EXPECT_LE(length, 8.0);
}

TEST(Borders, OpenPointsNeedAProof) {
  auto packets = ragged_film(9000, 21);
  int n = 0;
  for (auto& packet : packets)
    if (packet.access != Access::none && n++ % 2) packet.access = Access::open;
  auto const index = index_of(std::move(packets));
  auto const borders = find_borders(index);
  auto const asked = unproved(borders);
  ASSERT_GT(asked.size(), 10u);
  ASSERT_LT(asked.size(), borders.size() - 10);
  std::size_t at = 0;
  for (auto const& border : borders) {
    if (border.access != Access::open) continue;
    ASSERT_LT(at, asked.size());
    EXPECT_EQ(asked[at++].hash, border.seek.hash);
  }
  EXPECT_EQ(at, asked.size());
}

TEST(Borders, AllProvedMeansNothingChanges) {
  auto const index = index_of(ragged_film(9000, 22, Access::open));
  auto const borders = find_borders(index);
  std::vector<std::int32_t> const proved(unproved(borders).size(), 1);
  auto const after = proved_borders(index, proved);
  ASSERT_EQ(after.size(), borders.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].pts, borders[i].pts);
}

TEST(Borders, UnprovedOnesMergeTwoChunks) {
  auto const index = index_of(ragged_film(9000, 23, Access::open));
  auto const borders = find_borders(index);
  auto const asked = unproved(borders);
  std::vector<std::int32_t> proved(asked.size(), 1);
  proved[3] = 0;
  proved[7] = 0;
  auto const after = proved_borders(index, proved);
  auto const kept = hashes(after);
  for (std::size_t i = 0; i < asked.size(); ++i) EXPECT_EQ(kept.contains(asked[i].hash), i != 3 && i != 7) << i;
  for (auto const length : lengths(index, after)) EXPECT_LE(length, 8.0);
  for (auto const& border : after) EXPECT_EQ(border.seek.pts < border.pts, border.inside_gop);
}

TEST(Borders, NothingProvedLeavesOneSequentialDecode) {
  auto const index = index_of(ragged_film(9000, 24, Access::open));
  for (auto const& proved : {std::vector<std::int32_t>{}, std::vector<std::int32_t>(unproved(find_borders(index)).size(), 0)}) {
    auto const borders = proved_borders(index, proved);
    EXPECT_EQ(borders.size(), 75u);
    for (auto const& border : borders) EXPECT_EQ(border.seek.hash, index.packets.front().hash);
  }
}

TEST(Borders, HiddenAndPlainPacketsAreNone) {
  auto packets = film(300, 300, 6);
  packets[120].access = Access::closed;
  packets[120].discard = true;
  auto const borders = find_borders(index_of(std::move(packets)));
  for (auto const& border : borders) EXPECT_TRUE(border.pts == 0 || border.inside_gop);
}

TEST(Borders, ATailShorterThanTheMinimumIsMerged) {
  int merged = 0;
  for (std::int64_t frames = 600; frames < 660; ++frames) {
    auto const index = index_of(film(frames, 30, 8));
    auto const all = lengths(index, find_borders(index));
    EXPECT_GE(all.back(), 2.0) << frames;
    merged += all.back() > 2.0;
  }
  EXPECT_GT(merged, 0);
  // A point one second before the end is the only one that could be chosen, and is not.
  auto packets = film(270, 1000, 2);
  packets[240].access = Access::closed;
  auto const borders = find_borders(index_of(std::move(packets)));
  for (auto const& border : borders) EXPECT_NE(border.pts, 240 * ticks);
}

TEST(Borders, TinySources) {
  for (std::int64_t const frames : {1, 2}) {
    auto const index = index_of(film(frames, 1, 4));
    auto const borders = find_borders(index);
    ASSERT_EQ(borders.size(), 1u);
    auto const intervals = cut(analysis_of(index), borders);
    ASSERT_EQ(intervals.size(), 1u);
    EXPECT_EQ(intervals[0].first, 0);
    EXPECT_EQ(intervals[0].count, frames);
  }
}

TEST(Cut, CoversEveryFrameOnce) {
  std::mt19937_64 random(11);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    auto const index = index_of(ragged_film(300 + static_cast<std::int64_t>(random() % 3000), seed));
    auto analysis = analysis_of(index);
    // Frames the decoder did not give, at the beginning and anywhere, leave their chunk shorter and no hole.
    std::erase_if(analysis.pts, [&, first = random() % 90](std::int64_t pts) {
      return pts < static_cast<std::int64_t>(first) * ticks || random() % 17 == 0;
    });
    auto const borders = find_borders(index);
    std::int64_t next = 0;
    for (auto const& interval : cut(analysis, borders)) {
      EXPECT_EQ(interval.first, next);
      EXPECT_GT(interval.count, 0);
      next = interval.first + interval.count;
    }
    EXPECT_EQ(next, static_cast<std::int64_t>(analysis.pts.size()));
  }
}

TEST(Cut, AFrameIsDecodedFromTheBorderBeforeIt) {
  auto const index = index_of(ragged_film(3000, 77));
  auto const analysis = analysis_of(index);
  auto const intervals = cut(analysis, find_borders(index));
  ASSERT_GT(intervals.size(), 10u);
  for (auto const& interval : intervals) EXPECT_EQ(analysis.pts[static_cast<std::size_t>(interval.first)], interval.seek.pts);
}

TEST(Cut, AChunkOfWhichNoFrameDecodesIsLeftOut) {
  auto const index = index_of(ragged_film(3000, 78));
  auto analysis = analysis_of(index);
  auto const borders = find_borders(index);
  auto const lost_from = borders[3].pts, lost_to = borders[4].pts;
  std::erase_if(analysis.pts, [&](std::int64_t pts) { return pts >= lost_from && pts < lost_to; });
  auto const intervals = cut(analysis, borders);
  EXPECT_EQ(intervals.size(), borders.size() - 1);
  for (auto const& interval : intervals) EXPECT_NE(interval.seek.hash, borders[3].seek.hash);
}

}  // namespace
}  // namespace reelmill
