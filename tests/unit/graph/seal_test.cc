// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/seal.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "base/disk.h"
#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;

class SealTest : public InTemporaryFolder {
 protected:
  void SetUp() override { std::ofstream(folder_ / "video.pkts") << "packets"; }
  std::string sealed(Json result = {{"frames", 3}, {"bytes", 7}}) { return *sealed_result(folder_, std::move(result)); }
};

TEST_F(SealTest, WhatWasSealedHoldsAndSaysTheSame) {
  auto const text = sealed();
  EXPECT_TRUE(is_sealed(text));
  EXPECT_TRUE(seal_holds(text));
  auto const json = Json::parse(text);
  EXPECT_EQ(json.at("frames"), 3);
  EXPECT_EQ(json.at("files").at("video.pkts").at("bytes"), 7);
  EXPECT_TRUE(check_files(folder_, json, Look::at_contents));
}

TEST_F(SealTest, SealingTwiceGivesTheSame) {
  auto const text = sealed();
  EXPECT_EQ(sealed(Json::parse(text)), text);
}

TEST_F(SealTest, EveryBitCounts) {
  auto const text = sealed();
  for (std::size_t at = 0; at < text.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      auto flipped = text;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      EXPECT_FALSE(seal_holds(flipped)) << at;
    }
  for (std::size_t length = 0; length < text.size(); ++length) EXPECT_FALSE(seal_holds(text.substr(0, length))) << length;
  EXPECT_FALSE(seal_holds(text + " "));
  EXPECT_FALSE(seal_holds("{\"frames\":3}"));
}

TEST_F(SealTest, FilesAreMissedAndMeasured) {
  auto const json = Json::parse(sealed());
  fs::resize_file(folder_ / "video.pkts", 6);
  EXPECT_FALSE(check_files(folder_, json, Look::at_sizes));
  fs::remove(folder_ / "video.pkts");
  auto const missing = check_files(folder_, json, Look::at_sizes);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().what.find("video.pkts"), std::string::npos);
}

TEST_F(SealTest, OtherContentOfTheSameSizeIsFoundByReading) {
  auto const json = Json::parse(sealed());
  std::ofstream(folder_ / "video.pkts") << "packetz";
  EXPECT_TRUE(check_files(folder_, json, Look::at_sizes));
  EXPECT_FALSE(check_files(folder_, json, Look::at_contents));
}

TEST_F(SealTest, NamesThatLeadOutAreRefused) {
  for (auto const* name : {"../video.pkts", "..", "", "/etc/passwd"})
    EXPECT_FALSE(check_files(folder_, {{"files", {{name, {{"bytes", 7}, {"hash", ""}}}}}}, Look::at_sizes)) << name;
  EXPECT_FALSE(check_files(folder_, {{"frames", 3}}, Look::at_sizes));
}

}  // namespace
}  // namespace reelmill
