// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/lease.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "base/disk.h"
#include "base/json.h"
#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;

class LeaseTest : public InTemporaryFolder {
 protected:
  void SetUp() override { file_ = folder_ / "lock"; }
  Json record() const { return Json::parse(*read_file(file_)); }
  // As if a holder that this kernel's locks know nothing of had written it.
  void write(Json const& record) const { std::ofstream(file_) << record.dump() << '\n'; }
  Json of_another_host() const {
    return {{"host", "render7"}, {"machine", "m7"}, {"boot", "b7"}, {"pid", 4711},
            {"start", 1},        {"fence", 41},     {"beats", 3},   {"held", true}};
  }
  Result<Lease> take(Lease::Times times = {}) const { return Lease::take(file_, "/film", LeaseHolder::here(), times); }

  fs::path file_;
};

TEST_F(LeaseTest, HasOneHolderAndComesBack) {
  {
    auto const first = take();
    ASSERT_TRUE(first) << first.error().text();
    EXPECT_EQ(first->fence(), 1);
    EXPECT_EQ(first->taken_from(), "");
    EXPECT_TRUE(first->check());
    auto const second = take();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::lost);
    for (auto const& part : {std::string("/film"), std::to_string(getpid())})
      EXPECT_NE(second.error().what.find(part), std::string::npos) << second.error().what;
  }
  auto const third = take();
  ASSERT_TRUE(third);
  EXPECT_EQ(third->fence(), 2);
  EXPECT_EQ(third->taken_from(), "");
}

TEST_F(LeaseTest, OfAProcessThatWasKilledIsTakenOverAtOnce) {
  auto const child = fork();
  if (child == 0) {
    auto const lease = take();
    std::ofstream(folder_ / "held") << lease.has_value();
    pause();
  }
  while (!fs::exists(folder_ / "held")) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_FALSE(take());
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  auto const lease = take();
  ASSERT_TRUE(lease) << lease.error().text();
  EXPECT_EQ(lease->fence(), 2);
  EXPECT_NE(lease->taken_from().find(std::to_string(child)), std::string::npos);
}

TEST_F(LeaseTest, OfAnotherHostIsRespectedWhileItIsHeardOf) {
  write(of_another_host());
  auto const lease = take();
  ASSERT_FALSE(lease);
  EXPECT_EQ(lease.error().kind, ErrorKind::lost);
  for (auto const* part : {"render7", "4711", "last heard of"}) EXPECT_NE(lease.error().what.find(part), std::string::npos);
  EXPECT_EQ(record(), of_another_host());
}

TEST_F(LeaseTest, OfAnotherHostIsTakenOverWhenItIsSilent) {
  write(of_another_host());
  fs::last_write_time(file_, fs::file_time_type::clock::now() - std::chrono::seconds(61));
  auto const lease = take();
  ASSERT_TRUE(lease) << lease.error().text();
  EXPECT_EQ(lease->fence(), 42);
  EXPECT_NE(lease->taken_from().find("render7"), std::string::npos);
}

TEST_F(LeaseTest, OfAnotherHostThatGaveItBackIsFree) {
  auto released = of_another_host();
  released["held"] = false;
  write(released);
  auto const lease = take();
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->fence(), 42);
  EXPECT_EQ(lease->taken_from(), "");
}

TEST_F(LeaseTest, OfThisHostBeforeItWasStartedAnewIsDead) {
  auto before = of_another_host();
  auto const us = LeaseHolder::here();
  before["host"] = us.host;
  before["machine"] = us.machine;
  write(before);
  auto const lease = take();
  ASSERT_TRUE(lease) << lease.error().text();
  EXPECT_EQ(lease->fence(), 42);
}

TEST_F(LeaseTest, WhoWasTakenOverLearnsItAndLeavesTheOthersAlone) {
  {
    auto const lease = take();
    ASSERT_TRUE(lease && lease->check());
    write(of_another_host());
    auto const lost = lease->check();
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().kind, ErrorKind::lost);
  }
  EXPECT_EQ(record(), of_another_host());
}

TEST_F(LeaseTest, BeatsWhileItIsHeld) {
  auto const lease = take({.beat = 0.01, .dead = 60});
  ASSERT_TRUE(lease);
  for (int i = 0; i < 500 && record().at("beats") < 3; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_GE(record().at("beats"), 3);
  EXPECT_TRUE(lease->check());
}

TEST_F(LeaseTest, WhatIsNoRecordIsNobodys) {
  for (auto const* text : {"", "1234\n", "{\"host\":", "{\"host\":7}"}) {
    std::ofstream(file_) << text;
    EXPECT_TRUE(take()) << text;
  }
}

}  // namespace
}  // namespace reelmill
