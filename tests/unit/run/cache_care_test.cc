// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/cache_care.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "base/disk.h"
#include "graph/seal.h"
#include "run/cache_use.h"
#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;

class CacheCareTest : public InTemporaryFolder {
 protected:
  fs::path folder(std::string const& key) const { return folder_ / key.substr(0, 2) / key; }
  bool is_there(std::string const& key) const { return fs::exists(folder(key)); }

  // Of a little more than `bytes`, last used so long ago.
  void make(std::string const& key, std::size_t bytes, std::chrono::minutes ago, Json result = {{"capped", false}}) const {
    fs::create_directories(folder(key));
    std::ofstream(folder(key) / "video.pkts") << std::string(bytes, 'x');
    std::ofstream(folder(key) / "result.json") << *sealed_result(folder(key), std::move(result));
    fs::last_write_time(folder(key) / "result.json", fs::file_time_type::clock::now() - ago);
  }

  // A process that needs these keys until it is killed.
  pid_t process_using(std::vector<std::string> const& keys) const {
    auto const child = fork();
    if (child == 0) {
      CacheUse use(folder_);
      for (auto const& key : keys) use.pin(key);
      use.settle();
      std::ofstream(folder_ / "settled") << "";
      for (;;) pause();
    }
    while (!fs::exists(folder_ / "settled")) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    fs::remove(folder_ / "settled");
    return child;
  }
};

using std::chrono::minutes;

TEST_F(CacheCareTest, RoomIsMadeOnlyWhereThereIsEnoughThatNobodyNeeds) {
  make("aa11", 1000, minutes(3));
  make("ab22", 1000, minutes(2));
  make("ab33", 1000, minutes(1));
  auto const child = process_using({"aa11"});
  auto made = make_room(folder_, 5000);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->units, 0);
  EXPECT_TRUE(is_there("ab22"));
  made = make_room(folder_, 900);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->units, 1);
  EXPECT_GE(made->bytes, 900);
  EXPECT_TRUE(is_there("aa11"));
  EXPECT_FALSE(is_there("ab22"));
  EXPECT_TRUE(is_there("ab33"));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

TEST_F(CacheCareTest, CountsByKind) {
  make("aa11", 1000, minutes(1));
  make("ab22", 2000, minutes(1), {{"sha256", "0"}});
  make("ab33", 100, minutes(1), {{"index", Json::object()}});
  auto const usage = usage_of(folder_);
  EXPECT_EQ(usage.all.units, 3);
  EXPECT_GT(usage.all.bytes, 3100);
  EXPECT_EQ(usage.kinds.at("chunk").units, 1);
  EXPECT_GT(usage.kinds.at("film").bytes, 2000);
  EXPECT_EQ(usage.kinds.at("index").units, 1);
  EXPECT_EQ(usage.processes, 0);
}

TEST_F(CacheCareTest, WhatWasUsedLongestAgoGoesFirst) {
  make("aa11", 1000, minutes(10));
  make("bb22", 1000, minutes(30));
  make("cc33", 1000, minutes(20));
  auto const done = collect(folder_, 1500);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_TRUE(is_there("aa11"));
  EXPECT_FALSE(is_there("bb22"));
  EXPECT_FALSE(is_there("cc33"));
  EXPECT_EQ(done->evicted.units, 2);
  EXPECT_EQ(done->after.units, 1);
  EXPECT_LE(done->after.bytes, 1500);
  EXPECT_TRUE(fs::is_empty(folder_ / "trash"));
}

TEST_F(CacheCareTest, NothingGoesWhileThereIsRoom) {
  make("aa11", 1000, minutes(10));
  auto const done = collect(folder_, 5000);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->evicted.units, 0);
  EXPECT_TRUE(is_there("aa11"));
}

TEST_F(CacheCareTest, WhatALivingProcessNeedsStays) {
  make("aa11", 1000, minutes(10));
  make("bb22", 1000, minutes(30));
  auto const child = process_using({"bb22"});
  EXPECT_EQ(usage_of(folder_).processes, 1);
  EXPECT_EQ(usage_of(folder_).in_use.units, 1);
  auto const done = collect(folder_, 0);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->in_use.units, 1);
  EXPECT_FALSE(is_there("aa11"));
  EXPECT_TRUE(is_there("bb22"));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  ASSERT_TRUE(collect(folder_, 0));
  EXPECT_FALSE(is_there("bb22"));
  EXPECT_TRUE(fs::is_empty(folder_ / "in-use"));
}

TEST_F(CacheCareTest, EvictingWaitsForWhoIsLooking) {
  make("aa11", 1000, minutes(10));
  CacheUse use(folder_);
  use.pin("aa11");
  std::atomic<bool> done = false;
  std::thread other([&] {
    EXPECT_TRUE(collect(folder_, 0));
    done = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_FALSE(done);
  EXPECT_TRUE(is_there("aa11"));
  use.settle();
  other.join();
  EXPECT_TRUE(is_there("aa11"));
}

TEST_F(CacheCareTest, AnotherHostsNeedsCountUntilItIsSilent) {
  make("aa11", 1000, minutes(10));
  fs::create_directories(folder_ / "in-use");
  auto const file = folder_ / "in-use" / "other-1-0.keys";
  std::ofstream(file) << "boot of another host\naa11\n";
  ASSERT_TRUE(collect(folder_, 0));
  EXPECT_TRUE(is_there("aa11"));
  fs::last_write_time(file, fs::file_time_type::clock::now() - minutes(11));
  ASSERT_TRUE(collect(folder_, 0));
  EXPECT_FALSE(is_there("aa11"));
}

TEST_F(CacheCareTest, OldLeftoversAndOldQuarantineGo) {
  auto const leave = [&](fs::path const& place, std::chrono::hours ago) {
    fs::create_directories(place);
    std::ofstream(place / "video.pkts") << "half";
    fs::last_write_time(place, fs::file_time_type::clock::now() - ago);
  };
  leave(folder_ / "aa" / "aa11.77.part", std::chrono::hours(25));
  leave(folder_ / "aa" / "aa22.78.part", std::chrono::hours(1));
  leave(folder_ / "quarantine" / "bb11.1", std::chrono::hours(24 * 8));
  leave(folder_ / "quarantine" / "bb22.1", std::chrono::hours(24));
  leave(folder_ / "trash" / "cc11.79", std::chrono::hours(0));
  auto const done = collect(folder_, 1 << 20);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->removed, 12);
  EXPECT_FALSE(fs::exists(folder_ / "aa" / "aa11.77.part"));
  EXPECT_TRUE(fs::exists(folder_ / "aa" / "aa22.78.part"));
  EXPECT_FALSE(fs::exists(folder_ / "quarantine" / "bb11.1"));
  EXPECT_TRUE(fs::exists(folder_ / "quarantine" / "bb22.1"));
  EXPECT_FALSE(fs::exists(folder_ / "trash" / "cc11.79"));
}

TEST_F(CacheCareTest, VerifyingSetsDamageAside) {
  make("aa11", 1000, minutes(10));
  make("bb22", 1000, minutes(10));
  EXPECT_TRUE(verify(folder_).damaged.empty());
  {
    std::fstream file(folder("bb22") / "video.pkts", std::ios::in | std::ios::out);
    file.seekp(500);
    file.put('y');
  }
  auto const used = fs::last_write_time(folder("aa11") / "result.json");
  auto const verified = verify(folder_);
  EXPECT_EQ(verified.looked.units, 2);
  ASSERT_EQ(verified.damaged.size(), 1u);
  EXPECT_NE(verified.damaged[0].find("bb22"), std::string::npos);
  EXPECT_FALSE(is_there("bb22"));
  EXPECT_TRUE(fs::exists(folder_ / "quarantine" / "bb22.1" / "video.pkts"));
  EXPECT_EQ(fs::last_write_time(folder("aa11") / "result.json"), used) << "to verify is not to use";
}

}  // namespace
}  // namespace reelmill
