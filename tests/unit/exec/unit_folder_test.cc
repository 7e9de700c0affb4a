// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/unit_folder.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "base/disk.h"
#include "graph/seal.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;

class UnitFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "reelmill_unit_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    attempt_ = name;
  }
  void TearDown() override { fs::remove_all(attempt_); }
  int number_in(char const* key) const { return Json::parse(*read_file(attempt_ / key / "result.json")).at("n"); }
  fs::path attempt_;
};

TEST_F(UnitFolderTest, NothingIsUnderTheFinalNameBeforeItIsWhole) {
  auto unit = UnitFolder::make(attempt_, "key");
  ASSERT_TRUE(unit) << unit.error().text();
  std::ofstream(unit->path("video.pkts")) << "packets";
  EXPECT_FALSE(fs::exists(attempt_ / "key"));
  ASSERT_TRUE(unit->finish({{"frames", 3}}));
  EXPECT_FALSE(fs::exists(attempt_ / "key.part"));
  EXPECT_EQ(*read_file(attempt_ / "key" / "video.pkts"), "packets");
  auto const text = *read_file(attempt_ / "key" / "result.json");
  EXPECT_TRUE(seal_holds(text)) << text;
  auto const result = Json::parse(text);
  EXPECT_EQ(result.at("frames"), 3);
  EXPECT_TRUE(check_files(attempt_ / "key", result, Look::at_contents));
  EXPECT_EQ(result.at("files").size(), 1u);
}

TEST_F(UnitFolderTest, WhatAnEarlierAttemptLeftIsThrownAway) {
  fs::create_directories(attempt_ / "key.part");
  std::ofstream(attempt_ / "key.part" / "video.pkts") << "half";
  auto unit = UnitFolder::make(attempt_, "key");
  ASSERT_TRUE(unit);
  ASSERT_TRUE(unit->finish(Json::object()));
  EXPECT_FALSE(fs::exists(attempt_ / "key" / "video.pkts"));
  EXPECT_TRUE(fs::exists(attempt_ / "key" / "result.json"));
}

TEST_F(UnitFolderTest, UnitsDoNotMix) {
  auto one = UnitFolder::make(attempt_, "one"), two = UnitFolder::make(attempt_, "two");
  ASSERT_TRUE(one && two);
  ASSERT_TRUE(one->finish({{"n", 1}}));
  EXPECT_TRUE(fs::exists(attempt_ / "two.part"));
  ASSERT_TRUE(two->finish({{"n", 2}}));
  EXPECT_EQ(number_in("one"), 1);
  EXPECT_EQ(number_in("two"), 2);
}

TEST_F(UnitFolderTest, AFolderThatIsWholeIsNotReplaced) {
  auto first = UnitFolder::make(attempt_, "key");
  ASSERT_TRUE(first && first->finish({{"n", 1}}));
  auto second = UnitFolder::make(attempt_, "key");
  ASSERT_TRUE(second);
  auto const finished = second->finish({{"n", 2}});
  ASSERT_FALSE(finished);
  EXPECT_NE(finished.error().what.find("key"), std::string::npos);
  EXPECT_EQ(number_in("key"), 1);
}

TEST_F(UnitFolderTest, AFolderThatCannotBeMadeIsAnError) {
  std::ofstream(attempt_ / "file") << "";
  EXPECT_FALSE(UnitFolder::make(attempt_ / "file", "key"));
}

}  // namespace
}  // namespace reelmill
