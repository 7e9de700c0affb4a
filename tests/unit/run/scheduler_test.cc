// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/scheduler.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "base/clock.h"
#include "base/disk.h"
#include "graph/seal.h"
#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;

// A worker in sh. It knows: $stage (the stage file), $out (its folder), $runs (a folder that outlives it);
// `unit KEY` makes and announces a unit, `nth` counts how often this stage was attempted.
constexpr std::string_view prelude = R"(#!/bin/sh
stage=$1; out=$3; runs=$(dirname "$0")
id=$(basename "$out" | sed 's/^[0-9]*-//')
echo "$id" >> "$runs/started"
nth() { echo x >> "$runs/nth-$id"; n=$(wc -l < "$runs/nth-$id"); }
unit() { mkdir "$out/$1.part"; echo "{\"made\":\"$id\"}" > "$out/$1.part/result.json"; mv "$out/$1.part" "$out/$1"; echo "{\"event\":\"done\",\"key\":\"$1\"}"; }
)";

class SchedulerTest : public InTemporaryFolder {
 protected:
  void SetUp() override {
    unsetenv("REELMILL_CACHE");
    auto workspace = Workspace::open(folder_);
    ASSERT_TRUE(workspace);
    workspace_.emplace(*std::move(workspace));
    store_.emplace(*workspace_);
    events_.subscribe([this](Event const& event) { seen_.push_back(event.what); });
  }
  void worker(std::string_view script) {
    std::ofstream(folder_ / "worker") << prelude << script;
    chmod((folder_ / "worker").c_str(), 0755);
  }

  Result<void> run(std::vector<Work> works, Scheduler::More more = {}, Scheduler::Failed failed = {}) {
    options_.worker = folder_ / "worker";
    if (!more) more = [](Work const&) -> Result<std::vector<Work>> { return std::vector<Work>{}; };
    return Scheduler(*store_, *workspace_, events_, options_).run(std::move(works), std::move(more), std::move(failed));
  }

  static Work work(std::string id, std::vector<std::string> keys) {
    Work work;
    work.id = id;
    work.label = "label of " + id;
    VideoStage stage{.source = "/films/" + id + ".mp4", .stream = 0, .prefilters = {}, .nodes = {}, .chunks = {}};
    EncodeNode encode;
    encode.id = "main";
    encode.in = "source";
    encode.variants.resize(1);
    stage.nodes.push_back(encode);
    for (auto const& key : keys) {
      VideoChunk chunk;
      chunk.wanted.push_back({"main", 0, key});
      stage.chunks.push_back(chunk);
    }
    work.stage = stage;
    work.keys = std::move(keys);
    return work;
  }

  std::vector<std::string> started() const {
    std::vector<std::string> lines;
    std::ifstream file(folder_ / "started");
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  template <class Kind>
  std::vector<Kind> events() const {
    std::vector<Kind> found;
    for (auto const& what : seen_)
      if (auto const* it = std::get_if<Kind>(&what)) found.push_back(*it);
    return found;
  }

  bool no_attempts_left() const { return fs::is_empty(workspace_->attempts()); }

  std::optional<Workspace> workspace_;
  std::optional<Store> store_;
  Events events_;
  std::vector<Happening> seen_;
  SchedulerOptions options_{.jobs = 2, .retry = {.delay = 0.02}, .patience = 0.3};
};

TEST_F(SchedulerTest, UnitsAreCommittedAndWhatFollowsIsRunOnce) {
  worker(R"(
case $id in
  index) echo '{"event":"progress","done":5,"of":10,"unit":"frames"}'; unit aaaa ;;
  left) unit bbbb ;;
  right) unit cccc; unit dddd ;;
esac)");
  std::vector<std::string> finished;
  auto result = run({work("index", {"aaaa"})}, [&](Work const& done) -> Result<std::vector<Work>> {
    finished.push_back(done.id);
    if (done.id != "index") return std::vector{work("index", {"aaaa"})};
    return std::vector{work("left", {"bbbb"}), work("right", {"cccc", "dddd"}), work("left", {"bbbb"})};
  });
  ASSERT_TRUE(result) << result.error().text();
  EXPECT_EQ(std::set<std::string>(finished.begin(), finished.end()), (std::set<std::string>{"index", "left", "right"}));
  EXPECT_EQ(started().size(), 3u);
  for (auto const* key : {"aaaa", "bbbb", "cccc", "dddd"}) EXPECT_TRUE(store_->has(key)) << key;
  EXPECT_EQ(store_->result("dddd")->at("made"), "right");
  EXPECT_EQ(events<UnitDone>().size(), 4u);
  EXPECT_EQ(events<StageFinished>().size(), 3u);
  ASSERT_EQ(events<Progress>().size(), 1u);
  EXPECT_EQ(events<Progress>()[0].done, 5);
  EXPECT_TRUE(no_attempts_left());
}

TEST_F(SchedulerTest, WhatIsInTheStoreIsNotRunAgain) {
  worker("unit aaaa");
  ASSERT_TRUE(run({work("first", {"aaaa"})}));
  int asked = 0;
  auto result = run({work("again", {"aaaa"})}, [&](Work const&) -> Result<std::vector<Work>> {
    ++asked;
    return std::vector<Work>{};
  });
  ASSERT_TRUE(result);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(started(), std::vector<std::string>{"first"});
}

TEST_F(SchedulerTest, NeverMoreWorkersThanJobs) {
  worker(
      R"(mkdir -p "$runs/now"; touch "$runs/now/$id"; ls "$runs/now" | wc -l >> "$runs/peaks"; sleep 0.05; rm "$runs/now/$id"; unit "k-$id")");
  std::vector<Work> works;
  for (int i = 0; i < 6; ++i) works.push_back(work(fmt::format("w{}", i), {fmt::format("k-w{}", i)}));
  ASSERT_TRUE(run(works));
  int peak = 0;
  std::ifstream peaks(folder_ / "peaks");
  for (int n; peaks >> n;) peak = std::max(peak, n);
  EXPECT_EQ(peak, 2);
}

TEST_F(SchedulerTest, MemoryIsNeverExceededAndTheLargestRunsAlone) {
  options_.jobs = 4;
  options_.memory = 100;
  worker(
      R"(mkdir -p "$runs/now"; touch "$runs/now/$id"; echo $(ls "$runs/now") >> "$runs/together"; sleep 0.05; rm "$runs/now/$id"; unit "k-$id")");
  std::vector<Work> works;
  for (auto const* id : {"a60", "b60", "c500"}) works.push_back(work(id, {fmt::format("k-{}", id)}));
  works[0].memory = works[1].memory = 60;
  works[2].memory = 500;
  ASSERT_TRUE(run(works));
  std::ifstream together(folder_ / "together");
  int lines = 0;
  for (std::string line; std::getline(together, line); ++lines) EXPECT_EQ(line.find(' '), std::string::npos) << line;
  EXPECT_EQ(lines, 3);
}

TEST_F(SchedulerTest, TheHeavierGoesFirst) {
  options_.jobs = 1;
  worker(R"(unit "k-$id")");
  auto light = work("light", {"k-light"}), heavy = work("heavy", {"k-heavy"}), heaviest = work("heaviest", {"k-heaviest"});
  heavy.cost = 10;
  heaviest.cost = 20;
  ASSERT_TRUE(run({light, heavy, heaviest}));
  EXPECT_EQ(started(), (std::vector<std::string>{"heaviest", "heavy", "light"}));
}

TEST_F(SchedulerTest, SmallWorksPassOneThatWaitsForMemoryButNotForever) {
  options_.jobs = 2;
  options_.memory = 100;
  worker(R"(sleep 0.02; unit "k-$id")");
  std::vector<Work> works{work("large", {"k-large"})};
  works[0].memory = 100;
  for (int i = 0; i < 12; ++i) works.push_back(work(fmt::format("s{:02}", i), {fmt::format("k-s{:02}", i)}));
  works[1].cost = 2;
  for (std::size_t i = 1; i < works.size(); ++i) works[i].memory = 10;
  ASSERT_TRUE(run(works));
  auto order = started();
  auto place = std::find(order.begin(), order.end(), "large") - order.begin();
  EXPECT_GT(place, 1);
  EXPECT_LT(place, 8);
}

TEST_F(SchedulerTest, CrashIsTriedOnceMoreWithWhatIsMissing) {
  worker(R"(
nth
if [ $n = 1 ]; then unit aaaa; kill -SEGV $$; fi
cp "$stage" "$runs/second.json"; unit bbbb)");
  ASSERT_TRUE(run({work("film", {"aaaa", "bbbb"})}));
  EXPECT_EQ(started().size(), 2u);
  std::ifstream file(folder_ / "second.json");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(text.find("aaaa"), std::string::npos);
  EXPECT_NE(text.find("bbbb"), std::string::npos);
  auto failures = events<AttemptFailed>();
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_EQ(failures[0].kind, ErrorKind::crashed);
  EXPECT_TRUE(failures[0].will_retry);
}

TEST_F(SchedulerTest, SecondCrashFailsAndNamesSignalStageAndSource) {
  worker("unit aaaa; echo 'decoder went astray' >&2; kill -SEGV $$");
  auto result = run({work("film", {"aaaa", "bbbb"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::crashed);
  auto text = result.error().text();
  for (auto const* part : {"signal 11", "label of film", "video", "/films/film.mp4"})
    EXPECT_NE(text.find(part), std::string::npos) << text;
  EXPECT_EQ(started().size(), 2u);
  EXPECT_TRUE(store_->has("aaaa"));
  EXPECT_EQ(events<AttemptFailed>().back().details, "decoder went astray\n");
  EXPECT_TRUE(no_attempts_left());
}

TEST_F(SchedulerTest, UnitsCompleteButUnannouncedSurviveACrash) {
  worker(R"(nth; [ $n = 1 ] && { unit aaaa > /dev/null; kill -KILL $$; }; unit bbbb)");
  ASSERT_TRUE(run({work("film", {"aaaa", "bbbb"})}));
  EXPECT_TRUE(store_->has("aaaa"));
}

TEST_F(SchedulerTest, LostWorkersAreTriedThreeTimesWithGrowingDelay) {
  worker(
      R"(nth; [ $n = 3 ] && { unit aaaa; exit 0; }; echo '{"event":"error","kind":"lost","what":"the share went away"}'; exit 75)");
  auto start = steady_seconds();
  ASSERT_TRUE(run({work("film", {"aaaa"})}));
  EXPECT_EQ(started().size(), 3u);
  EXPECT_GE(steady_seconds() - start, 0.75 * (0.02 + 0.08));
}

TEST_F(SchedulerTest, TheProjectSaysHowOften) {
  worker(R"(echo '{"event":"error","kind":"lost","what":"the share went away"}'; exit 75)");
  options_.retry.attempts = 5;
  options_.retry.growth = 1;
  ASSERT_FALSE(run({work("film", {"aaaa"})}));
  EXPECT_EQ(started().size(), 5u);
  options_.retry.attempts = 1;
  ASSERT_FALSE(run({work("film", {"aaaa"})}));
  EXPECT_EQ(started().size(), 6u);
  worker("kill -SEGV $$");
  ASSERT_FALSE(run({work("film", {"aaaa"})}));
  EXPECT_EQ(started().size(), 7u);
}

TEST_F(SchedulerTest, WhatRanOutOfMemoryBesideOthersIsTriedAloneAndOneWorkerLessIsUsed) {
  worker(R"(
mkdir -p "$runs/now"; touch "$runs/now/$id"; echo $(ls "$runs/now") >> "$runs/together"; sleep 0.05; rm "$runs/now/$id"
[ $id = hungry ] && nth
if [ "$n" = 1 ]; then echo '{"event":"error","kind":"full","what":"out of memory"}'; exit 75; fi
unit "k-$id")");
  std::vector<Work> works{work("hungry", {"k-hungry"})};
  works[0].cost = 10;
  for (int i = 0; i < 5; ++i) works.push_back(work(fmt::format("w{}", i), {fmt::format("k-w{}", i)}));
  ASSERT_TRUE(run(works));
  std::ifstream file(folder_ / "together");
  std::vector<std::string> together;
  for (std::string line; std::getline(file, line);) together.push_back(line);
  auto const again = std::find(together.begin() + 2, together.end(), "hungry");
  ASSERT_NE(again, together.end()) << "it was not alone";
  for (auto line = again; line != together.end(); ++line) EXPECT_EQ(line->find(' '), std::string::npos) << *line;
  ASSERT_EQ(events<Warning>().size(), 1u);
  EXPECT_EQ(events<Warning>()[0].what, "memory or disk fell short: at most 1 of 2 workers at once from here on");
}

TEST_F(SchedulerTest, AFullDiskIsTriedOnceMoreWhereRoomCouldBeMade) {
  worker(R"(echo '{"event":"error","kind":"full","what":"no space left on device"}'; exit 75)");
  ASSERT_FALSE(run({work("film", {"aaaa"})}));
  EXPECT_EQ(started().size(), 1u);
  int asked = 0;
  options_.make_room = [&](Work const&) { return ++asked, false; };
  ASSERT_FALSE(run({work("film", {"aaaa"})}));
  EXPECT_EQ(started().size(), 2u);
  EXPECT_EQ(asked, 1);
  options_.make_room = [&](Work const&) { return ++asked, true; };
  auto const result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::full);
  EXPECT_EQ(started().size(), 4u);
  EXPECT_EQ(asked, 2);
}

TEST_F(SchedulerTest, NoAttemptBeginsBehindTheDeadline) {
  worker(R"(echo '{"event":"error","kind":"lost","what":"the share went away"}'; exit 75)");
  options_.retry = {.attempts = 100, .delay = 0.2, .growth = 1, .jitter = 0, .deadline = 0.5};
  ASSERT_FALSE(run({work("film", {"aaaa"})}));
  EXPECT_GE(started().size(), 2u);
  EXPECT_LE(started().size(), 3u);
  EXPECT_FALSE(events<AttemptFailed>().back().will_retry);
}

TEST_F(SchedulerTest, LostForGoodIsAnErrorAfterThreeAttempts) {
  worker(R"(echo '{"event":"error","kind":"lost","what":"the share went away"}'; exit 75)");
  auto result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::lost);
  EXPECT_EQ(started().size(), 3u);
}

TEST_F(SchedulerTest, ErrorEventGivesKindAndTextAndIsNotRetried) {
  worker(R"(echo '{"event":"error","kind":"media","what":"decoding the film: no key frame"}'; exit 66)");
  auto result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::media);
  EXPECT_EQ(result.error().text(), "decoding the film: no key frame; while working on 'label of film' (video)");
  EXPECT_EQ(started().size(), 1u);
}

TEST_F(SchedulerTest, NonZeroExitWithoutAWordShowsTheLastLineOfErrors) {
  worker("echo first >&2; echo 'no room for tables' >&2; exit 9");
  auto result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::failed);
  EXPECT_NE(result.error().what.find("exited with code 9: no room for tables"), std::string::npos) << result.error().what;
}

TEST_F(SchedulerTest, EndingWellWithoutTheUnitsIsAnError) {
  worker("unit aaaa");
  auto result = run({work("film", {"aaaa", "bbbb"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::failed);
  EXPECT_NE(result.error().what.find("1 of 2 units"), std::string::npos) << result.error().what;
}

TEST_F(SchedulerTest, AnnouncedButNotMadeIsAnError) {
  worker(R"(echo '{"event":"done","key":"aaaa"}'; sleep 5)");
  auto result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find("did not make it"), std::string::npos) << result.error().what;
}

TEST_F(SchedulerTest, UnitsNobodyAskedForAndNonsenseAreWarnings) {
  worker(R"(echo 'hello there'; unit ffff; echo '{"event":"done","key":"../../etc"}'; unit aaaa)");
  ASSERT_TRUE(run({work("film", {"aaaa"})}));
  EXPECT_FALSE(store_->has("ffff"));
  EXPECT_EQ(events<Warning>().size(), 3u);
}

TEST_F(SchedulerTest, AfterAnErrorRunningWorksEndAndNothingNewStarts) {
  worker(R"(case $id in bad) sleep 0.05; exit 1 ;; good) sleep 0.3; unit k-good ;; *) unit "k-$id" ;; esac)");
  auto bad = work("bad", {"k-bad"}), good = work("good", {"k-good"}), late = work("late", {"k-late"});
  late.cost = 0.5;
  auto result = run({bad, good, late});
  ASSERT_FALSE(result);
  EXPECT_TRUE(store_->has("k-good"));
  EXPECT_FALSE(store_->has("k-late"));
  EXPECT_EQ(started().size(), 2u);
}

TEST_F(SchedulerTest, AFailureThatIsTakenEndsItsGroupOnly) {
  options_.jobs = 1;
  worker(R"(case $id in bad) exit 1 ;; *) unit "k-$id" ;; esac)");
  std::vector<Work> works;
  for (auto const* id : {"bad", "of-bad", "good", "of-good"}) {
    works.push_back(work(id, {std::string("k-") + id}));
    works.back().group = std::string(id).ends_with("bad") ? "one" : "two";
    works.back().cost = 10 - static_cast<double>(works.size());
  }
  std::vector<std::string> failed;
  auto result = run(works, {}, [&](Work const& work, Error const& error) {
    failed.push_back(work.id + " " + std::string(name_of(error.kind)));
    return true;
  });
  ASSERT_TRUE(result) << result.error().text();
  EXPECT_EQ(failed, std::vector<std::string>{"bad failed"});
  EXPECT_EQ(started(), (std::vector<std::string>{"bad", "good", "of-good"}));
}

TEST_F(SchedulerTest, AFailureThatIsNotTakenEndsTheRun) {
  worker("exit 1");
  auto result = run({work("film", {"aaaa"})}, {}, [](Work const&, Error const&) { return false; });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::failed);
}

TEST_F(SchedulerTest, WorkerWithoutProgressIsGivenUp) {
  options_.retry.stall = 0.2;
  worker("exec sleep 60");
  auto result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find("no progress"), std::string::npos) << result.error().what;
}

TEST_F(SchedulerTest, TalkWithoutProgressIsNoProgress) {
  options_.retry.stall = 0.3;
  worker(R"(while :; do echo '{"event":"progress","done":5,"of":10,"unit":"frames"}'; sleep 0.02; done)");
  auto const result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find("no progress"), std::string::npos) << result.error().what;
}

TEST_F(SchedulerTest, FirstInterruptEndsWorkersPolitelyAndKeepsUnits) {
  worker(
      R"([ $id = second ] && exec sleep 60; unit aaaa; trap 'touch "$runs/asked"; exit 130' TERM; kill -INT $PPID; while :; do sleep 0.02; done)");
  auto result = run({work("film", {"aaaa", "bbbb"}), work("second", {"cccc"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
  EXPECT_TRUE(store_->has("aaaa"));
  EXPECT_TRUE(fs::exists(folder_ / "asked"));
  EXPECT_TRUE(events<AttemptFailed>().empty());
  EXPECT_TRUE(no_attempts_left());
}

TEST_F(SchedulerTest, SecondInterruptKills) {
  options_.patience = 60;
  options_.jobs = 1;
  worker(R"(trap 'kill -TERM $PPID' TERM; kill -INT $PPID; while :; do sleep 0.02; done)");
  auto start = steady_seconds();
  auto result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
  EXPECT_LT(steady_seconds() - start, 20);
}

TEST_F(SchedulerTest, WorkersThatDoNotListenAreKilledAfterSomePatience) {
  worker(R"(trap '' TERM; kill -INT $PPID; while :; do sleep 0.02; done)");
  auto result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
}

TEST_F(SchedulerTest, UnitsLeftByAKilledRunAreAdopted) {
  auto left = workspace_->attempts() / "7-film";
  fs::create_directories(left / "aaaa");
  fs::create_directories(left / "bbbb.part");
  std::ofstream(left / "aaaa" / "result.json") << "{}";
  std::ofstream(left / "bbbb.part" / "result.json") << "{}";
  std::ofstream(left / "attempt.json") << R"({"fence":1,"source":"","stamp":[0,0,0,0]})";
  worker("unit bbbb");
  ASSERT_TRUE(run({work("film", {"aaaa", "bbbb"})}));
  EXPECT_EQ(events<UnitDone>().size(), 1u);
  EXPECT_TRUE(no_attempts_left());
}

TEST_F(SchedulerTest, LeftoversWhoseSourceChangedSinceAreThrownAway) {
  auto const source = folder_ / "film.mp4";
  std::ofstream(source) << "as it was";
  auto const stamp = *stamp_of(source);
  for (auto const size : {stamp.size, stamp.size + 1}) {
    auto const key = fmt::format("k-{}", size);
    auto const left = workspace_->attempts() / "7-film";
    fs::create_directories(left / key);
    std::ofstream(left / key / "result.json") << "{}";
    std::ofstream(left / "attempt.json") << Json{
        {"fence", 1}, {"source", source.string()}, {"stamp", {stamp.inode, size, stamp.mtime_ns, stamp.ctime_ns}}};
    worker("unit aaaa");
    ASSERT_TRUE(run({work(fmt::format("w{}", size), {"aaaa"})}));
    EXPECT_EQ(store_->has(key), size == stamp.size);
  }
}

TEST_F(SchedulerTest, ASourceThatChangesMeanwhileFailsTheWorkAndNothingIsKept) {
  auto const source = folder_ / "film.mp4";
  std::ofstream(source) << "as it was";
  worker(R"(nth; [ $n = 1 ] && echo more >> "$(dirname "$runs/x")/film.mp4"; unit aaaa)");
  auto changing = work("film", {"aaaa"});
  std::get<VideoStage>(changing.stage).source = source;
  auto const result = run({changing});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::media);
  EXPECT_NE(result.error().what.find("changed while"), std::string::npos) << result.error().what;
  EXPECT_FALSE(store_->has("aaaa"));
  EXPECT_TRUE(no_attempts_left());
  EXPECT_TRUE(run({changing}));
}

TEST_F(SchedulerTest, ASourceThatChangedBetweenPlanAndStartFailsTheWork) {
  auto const source = folder_ / "film.mp4";
  std::ofstream(source) << "as it was";
  worker("unit aaaa");
  auto changing = work("film", {"aaaa"});
  std::get<VideoStage>(changing.stage).source = source;
  changing.stamp = *stamp_of(source);
  std::ofstream(source, std::ios::app) << "more";
  EXPECT_FALSE(run({changing}));
  EXPECT_FALSE(store_->has("aaaa"));
}

TEST_F(SchedulerTest, WhoseLeaseWasTakenOverCommitsNothing) {
  worker(R"(
echo '{"host":"render7","machine":"m","boot":"b","pid":4711,"start":1,"fence":41,"beats":3,"held":true}' > "$runs/.reelmill/lock"
unit aaaa; sleep 30)");
  auto const result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::lost);
  EXPECT_FALSE(store_->has("aaaa"));
  EXPECT_EQ(started().size(), 1u);
}

TEST_F(SchedulerTest, AJoinOfADamagedUnitIsPlannedAnew) {
  worker("unit \"k-$id\"");
  ASSERT_TRUE(run({work("chunk", {"k-chunk"})}));
  std::ofstream(store_->file("k-chunk", "video.pkts")) << "unasked";
  auto const file = store_->file("k-chunk", "result.json");
  auto const sealed = *sealed_result(file.parent_path(), {{"frames", 1}});
  std::ofstream(file) << sealed;
  std::ofstream(store_->file("k-chunk", "video.pkts")) << "damaged";
  store_.emplace(*workspace_);
  auto join = work("join", {"k-join"});
  join.stage = MuxStage{.key = "k-join",
                        .file = "film.mp4",
                        .video = {{store_->file("k-chunk", "video.pkts"), "", 1}},
                        .audio = {},
                        .captions = {},
                        .metadata = {}};
  std::vector<std::string> planned;
  auto const result = run({join}, [&](Work const& done) -> Result<std::vector<Work>> {
    planned.push_back(done.id);
    if (done.id == "chunk") return std::vector{join};
    if (!store_->has("k-chunk")) return std::vector{work("chunk", {"k-chunk"})};
    return std::vector<Work>{};
  });
  ASSERT_TRUE(result) << result.error().text();
  EXPECT_EQ(planned, (std::vector<std::string>{"join", "chunk", "join"}));
  EXPECT_EQ(started(), (std::vector<std::string>{"chunk", "chunk", "join"}));
}

TEST_F(SchedulerTest, OneRunAtATime) {
  worker("unit aaaa");
  auto lease = workspace_->lease();
  ASSERT_TRUE(lease);
  auto result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::lost);
  EXPECT_NE(result.error().what.find(std::to_string(getpid())), std::string::npos);
}

TEST_F(SchedulerTest, MissingWorkerIsAnError) {
  auto result = run({work("film", {"aaaa"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::missing);
}

TEST_F(SchedulerTest, ErrorFromWhatFollowsEndsTheRun) {
  worker("unit aaaa");
  auto result = run({work("film", {"aaaa"})}, [](Work const&) -> Result<std::vector<Work>> {
    return Error{ErrorKind::media, "the film has no picture"};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "the film has no picture");
}

}  // namespace
}  // namespace reelmill
