// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/journal.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "base/disk.h"
#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;

class JournalTest : public InTemporaryFolder {
 protected:
  void SetUp() override {
    file_ = folder_ / "journals" / "a.db";
    for (auto const* key : {"aa11", "bb22"}) {
      fs::create_directories(folder_ / "cache" / std::string(key).substr(0, 2) / key);
      std::ofstream(folder_ / "cache" / std::string(key).substr(0, 2) / key / "result.json") << "{}";
    }
  }
  void run(std::vector<Happening> const& happenings) {
    Events events;
    events.subscribe([this](Event const& event) {
      if (auto const* warning = std::get_if<Warning>(&event.what)) warnings_.push_back(warning->what);
    });
    JournalKeeper const keeper(events, file_, folder_ / "cache");
    for (auto const& what : happenings) events.emit(what);
  }
  static std::vector<Happening> eventful() {
    return {RunStarted{"film", 2, 0},
            StageStarted{"w1", "render film 1/2", "video", 0, 0, 7},
            UnitDone{"w1", "cc33"},
            StageFinished{"w1", "render film 1/2", 2, 3, 1 << 20},
            StageStarted{"w2", "render film 2/2", "video", 0, 0, 7},
            AttemptFailed{"w2", "render film 2/2", ErrorKind::lost, "the share went away", true, ""},
            StageStarted{"w2", "render film 2/2", "video", 0, 0, 7},
            UnitDone{"w2", "dd44"},
            StageFinished{"w2", "render film 2/2", 2, 3, 1 << 20},
            OutputWritten{"02_output/film.mp4", 1000, 8, 240, "youtube"},
            RunFinished{true, 5}};
  }

  fs::path file_;
  std::vector<std::string> warnings_;
};

TEST_F(JournalTest, TellsWhatARunDid) {
  run(eventful());
  auto const journal = Journal::read(file_);
  ASSERT_TRUE(journal) << journal.error().text();
  auto const runs = journal->runs(10);
  ASSERT_TRUE(runs);
  ASSERT_EQ(runs->size(), 1u);
  auto const& only = runs->front();
  EXPECT_EQ(only.outcome, "done");
  EXPECT_EQ(only.fence, 7);
  EXPECT_EQ(only.units, 2);
  EXPECT_EQ(only.attempts, 3);
  EXPECT_EQ(only.failures, 1);
  EXPECT_EQ(only.outputs, 1);
  EXPECT_GT(only.ended, only.started - 1);
  auto const attempts = journal->attempts(only.id);
  ASSERT_TRUE(attempts);
  ASSERT_EQ(attempts->size(), 3u);
  EXPECT_EQ((*attempts)[1].outcome, "retried");
  EXPECT_EQ((*attempts)[1].kind, "lost");
  EXPECT_EQ((*attempts)[1].what, "the share went away");
  EXPECT_EQ((*attempts)[2].outcome, "done");
  EXPECT_EQ((*attempts)[2].cpu_seconds, 3);
  EXPECT_EQ(warnings_, std::vector<std::string>{});
}

TEST_F(JournalTest, ARunThatMakesNothingDoesNotTouchTheFile) {
  run({RunStarted{"film", 2, 0}, OutputWritten{"02_output/film.mp4", 1000, 8, 240, "youtube"}, RunFinished{true, 0.01}});
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_EQ(Journal::read(file_).error().kind, ErrorKind::missing);
}

TEST_F(JournalTest, WhatWasKilledIsNotedByTheNext) {
  auto cut = eventful();
  cut.resize(5);
  run(cut);
  run(eventful());
  auto const journal = Journal::read(file_);
  ASSERT_TRUE(journal);
  auto const runs = journal->runs(10);
  ASSERT_EQ(runs->size(), 2u);
  EXPECT_EQ((*runs)[0].outcome, "done");
  EXPECT_EQ((*runs)[1].outcome, "killed");
  EXPECT_EQ(journal->attempts((*runs)[1].id)->back().outcome, "lost");
}

TEST_F(JournalTest, LostOrDamagedItIsBegunAnewFromTheResults) {
  std::vector<std::string> const all{"aa11", "bb22", "cc33", "dd44"};
  run(eventful());
  EXPECT_EQ(*Journal::read(file_)->units(), all);
  fs::remove_all(file_.parent_path());
  run(eventful());
  EXPECT_EQ(*Journal::read(file_)->units(), all);
  EXPECT_EQ(warnings_, std::vector<std::string>{});
  std::vector<std::string> const damaged{"no database", std::string(5000, 'x'), read_file(file_)->substr(0, 8192),
                                         read_file(file_)->replace(4096, 4096, 4096, 'x')};
  for (auto const& bytes : damaged) {
    std::ofstream(file_) << bytes;
    run(eventful());
    ASSERT_TRUE(Journal::read(file_));
    EXPECT_EQ(*Journal::read(file_)->units(), all);
    EXPECT_EQ(Journal::read(file_)->runs(10)->size(), 1u);
    ASSERT_FALSE(warnings_.empty());
    EXPECT_NE(warnings_.back().find("begun anew"), std::string::npos);
    EXPECT_TRUE(fs::exists(file_.string() + ".damaged"));
    warnings_.clear();
  }
}

TEST_F(JournalTest, TroubleWithItIsAWarningAndNoMore) {
  std::ofstream(folder_ / "journals") << "a file where the folder should be";
  run(eventful());
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_NE(warnings_[0].find("not in the journal"), std::string::npos) << warnings_[0];
}

TEST(NetworkFileSystem, IsKnownByItsNumber) {
  EXPECT_EQ(network_file_system(0x6969), "nfs");
  EXPECT_EQ(network_file_system(static_cast<std::int64_t>(0xff534d42)), "cifs");
  EXPECT_EQ(network_file_system(static_cast<std::int32_t>(0xfe534d42)), "smb2");
  EXPECT_EQ(network_file_system(0xef53), std::nullopt);
  EXPECT_EQ(network_file_system(fs::path("/proc/self")), std::nullopt);
}

}  // namespace
}  // namespace reelmill
