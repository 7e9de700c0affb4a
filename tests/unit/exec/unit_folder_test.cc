// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/unit_folder.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "base/disk.h"
#include "graph/seal.h"
#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;

class UnitFolderTest : public InTemporaryFolder {
 protected:
  int number_in(char const* key) const { return Json::parse(*read_file(folder_ / key / "result.json")).at("n"); }
};

TEST_F(UnitFolderTest, NothingIsUnderTheFinalNameBeforeItIsWhole) {
  auto unit = UnitFolder::make(folder_, "key");
  ASSERT_TRUE(unit) << unit.error().text();
  std::ofstream(unit->path("video.pkts")) << "packets";
  EXPECT_FALSE(fs::exists(folder_ / "key"));
  ASSERT_TRUE(unit->finish({{"frames", 3}}));
  EXPECT_FALSE(fs::exists(folder_ / "key.part"));
  EXPECT_EQ(*read_file(folder_ / "key" / "video.pkts"), "packets");
  auto const text = *read_file(folder_ / "key" / "result.json");
  EXPECT_TRUE(seal_holds(text)) << text;
  auto const result = Json::parse(text);
  EXPECT_EQ(result.at("frames"), 3);
  EXPECT_TRUE(check_files(folder_ / "key", result, Look::at_contents));
  EXPECT_EQ(result.at("files").size(), 1u);
}

TEST_F(UnitFolderTest, WhatAnEarlierAttemptLeftIsThrownAway) {
  fs::create_directories(folder_ / "key.part");
  std::ofstream(folder_ / "key.part" / "video.pkts") << "half";
  auto unit = UnitFolder::make(folder_, "key");
  ASSERT_TRUE(unit);
  ASSERT_TRUE(unit->finish(Json::object()));
  EXPECT_FALSE(fs::exists(folder_ / "key" / "video.pkts"));
  EXPECT_TRUE(fs::exists(folder_ / "key" / "result.json"));
}

TEST_F(UnitFolderTest, UnitsDoNotMix) {
  auto one = UnitFolder::make(folder_, "one"), two = UnitFolder::make(folder_, "two");
  ASSERT_TRUE(one && two);
  ASSERT_TRUE(one->finish({{"n", 1}}));
  EXPECT_TRUE(fs::exists(folder_ / "two.part"));
  ASSERT_TRUE(two->finish({{"n", 2}}));
  EXPECT_EQ(number_in("one"), 1);
  EXPECT_EQ(number_in("two"), 2);
}

TEST_F(UnitFolderTest, AFolderThatIsWholeIsNotReplaced) {
  auto first = UnitFolder::make(folder_, "key");
  ASSERT_TRUE(first && first->finish({{"n", 1}}));
  auto second = UnitFolder::make(folder_, "key");
  ASSERT_TRUE(second);
  auto const finished = second->finish({{"n", 2}});
  ASSERT_FALSE(finished);
  EXPECT_NE(finished.error().what.find("key"), std::string::npos);
  EXPECT_EQ(number_in("key"), 1);
}

TEST_F(UnitFolderTest, AFolderThatCannotBeMadeIsAnError) {
  std::ofstream(folder_ / "file") << "";
  EXPECT_FALSE(UnitFolder::make(folder_ / "file", "key"));
}

}  // namespace
}  // namespace reelmill
