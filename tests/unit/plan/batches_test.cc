// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "plan/plan.h"

namespace reelmill {
namespace {

// Chunk i shows the frame with pts i; `groups` says from which packet each is decoded.
VideoStage stage_of(std::vector<std::uint64_t> const& groups) {
  VideoStage stage{"film.mp4", 2, 64, 36, {}, {FitNode{"fit", "source", "pad", 64, 36}}, {}};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    auto& chunk = stage.chunks.emplace_back();
    chunk.seek = {static_cast<std::int64_t>(groups[i]), 0, groups[i]};
    chunk.pts = {static_cast<std::int64_t>(i)};
  }
  return stage;
}

std::vector<std::uint64_t> own_groups(std::size_t count) {
  std::vector<std::uint64_t> groups;
  for (std::size_t i = 0; i < count; ++i) groups.push_back(i);
  return groups;
}

void expect_all_in_order(std::vector<VideoStage> const& works, std::size_t count) {
  std::int64_t next = 0;
  for (auto const& work : works) {
    EXPECT_EQ(work.source, "film.mp4");
    EXPECT_EQ(work.stream, 2);
    EXPECT_EQ(work.nodes.size(), 1u);
    EXPECT_FALSE(work.chunks.empty());
    for (auto const& chunk : work.chunks) EXPECT_EQ(chunk.pts.at(0), next++);
  }
  EXPECT_EQ(next, static_cast<std::int64_t>(count));
}

TEST(Batches, HoldEveryChunkOnceInOrder) {
  for (std::size_t const count : {0u, 1u, 7u, 8u, 100u})
    for (std::size_t const size : {0u, 1u, 3u, 8u, 1000u}) {
      auto const works = batches(stage_of(own_groups(count)), size);
      expect_all_in_order(works, count);
      auto const most = std::max<std::size_t>(1, size);
      EXPECT_EQ(works.size(), (count + most - 1) / most);
      for (auto const& work : works) EXPECT_LE(work.chunks.size(), most);
    }
}

TEST(Batches, ChunksFarInsideAGroupStayTogether) {
  std::vector<std::uint64_t> const one_group(100, 5);
  auto const works = batches(stage_of(one_group), 4);
  expect_all_in_order(works, 100);
  ASSERT_EQ(works.size(), 4u);  // torn four times at the beginning, where decoding again is cheap
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(works[i].chunks.size(), 4u);
  EXPECT_EQ(works[3].chunks.size(), 88u);
}

TEST(Batches, AfterALongGroupTheSizeHoldsAgain) {
  std::vector<std::uint64_t> groups(40, 1);
  for (std::uint64_t i = 0; i < 20; ++i) groups.push_back(100 + i);
  auto const works = batches(stage_of(groups), 5);
  expect_all_in_order(works, 60);
  ASSERT_EQ(works.size(), 8u);
  EXPECT_EQ(works[3].chunks.size(), 25u);
  for (std::size_t i = 4; i < 8; ++i) EXPECT_EQ(works[i].chunks.size(), 5u);
}

}  // namespace
}  // namespace reelmill
