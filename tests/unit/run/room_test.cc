// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/room.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

std::function<Result<Disk>(std::filesystem::path const&)> disks(std::int64_t cache, std::int64_t films) {
  return [=](std::filesystem::path const& folder) -> Result<Disk> {
    return folder == "/cache" ? Disk{1, cache} : Disk{films < 0 ? 1u : 2u, films < 0 ? cache : films};
  };
}

TEST(Room, IsThereOrTheRunDoesNotBegin) {
  std::vector<Need> const needs{{"/cache", 600}, {"/films", 500}};
  EXPECT_TRUE(check_room(needs, disks(600, 500)));
  auto const refused = check_room(needs, disks(600, 499));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::full);
  EXPECT_NE(refused.error().what.find("at least 500 B in '/films', and 499 B are free"), std::string::npos)
      << refused.error().what;
}

TEST(Room, IsOneWhereTheFoldersShareADisk) {
  std::vector<Need> const needs{{"/cache", 600}, {"/films", 500}};
  EXPECT_TRUE(check_room(needs, disks(1100, -1)));
  EXPECT_FALSE(check_room(needs, disks(1099, -1)));
}

TEST(Room, IsNotAskedForWhereNothingIsWritten) {
  auto const never = [](std::filesystem::path const&) -> Result<Disk> { return Error{ErrorKind::failed, "asked"}; };
  EXPECT_TRUE(check_room({{"/cache", 0}}, never));
  EXPECT_FALSE(check_room({{"/cache", 1}}, never));
}

}  // namespace
}  // namespace reelmill
