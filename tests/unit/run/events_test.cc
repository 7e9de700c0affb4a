// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/events.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "run/narrow.h"
#include "run/worker_line.h"

namespace reelmill {
namespace {

TEST(Events, AreNumberedAndReachEveryListener) {
  Events events;
  std::vector<std::int64_t> first, second;
  events.subscribe([&](Event const& event) { first.push_back(event.n); });
  events.subscribe([&](Event const& event) { second.push_back(event.n); });
  events.emit(RunStarted{"film", 2, 0});
  events.emit(Warning{"", "careful"});
  EXPECT_EQ(first, (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(second, first);
}

TEST(Events, ProgressIsRatedPerStageAndItsEndAlwaysPasses) {
  Events events;
  std::vector<std::pair<std::string, double>> seen;
  events.subscribe([&](Event const& event) {
    auto const& progress = std::get<Progress>(event.what);
    seen.emplace_back(progress.id, progress.done);
  });
  for (int i = 1; i <= 100; ++i) {
    events.emit(Progress{"a", static_cast<double>(i), 100, "frames"});
    events.emit(Progress{"b", static_cast<double>(i), 1000, "frames"});
  }
  EXPECT_EQ(seen.front(), (std::pair<std::string, double>("a", 1)));
  EXPECT_EQ(std::count(seen.begin(), seen.end(), std::pair<std::string, double>("a", 100)), 1);
  EXPECT_LT(seen.size(), 20u);
}

TEST(Events, JsonHasNameNumberTimeAndMembers) {
  auto json = json_of({7, 0.5, OutputWritten{"out.mp4", 12, 1.5, 45, "youtube"}});
  EXPECT_EQ(json.dump(),
            R"({"event":"output_written","n":7,"time":"1970-01-01T00:00:00.500Z","path":"out.mp4","bytes":12,"duration":1.5,)"
            R"("frames":45,"export":"youtube"})");
  EXPECT_EQ(name_of(Happening(RunFinished{})), "run_finished");
  EXPECT_EQ(name_of(Happening(UnitDone{})), "unit_done");
}

TEST(WorkerLine, EveryKindOfEvent) {
  auto progress = std::get<WorkerProgress>(parse_worker_line(R"({"event":"progress","done":12,"of":90,"unit":"frames"})"));
  EXPECT_EQ(progress.done, 12);
  EXPECT_EQ(progress.total, 90);
  EXPECT_EQ(progress.unit, "frames");
  EXPECT_EQ(std::get<WorkerUnit>(parse_worker_line(R"({"event":"done","key":"k1"})")).key, "k1");
  EXPECT_EQ(std::get<WorkerSandbox>(parse_worker_line(R"({"event":"sandbox","level":"seccomp"})")).level, "seccomp");
  auto error = std::get<WorkerError>(parse_worker_line(R"({"event":"error","kind":"media","what":"no picture"})"));
  EXPECT_EQ(error.kind, ErrorKind::media);
  EXPECT_EQ(error.what, "no picture");
}

TEST(WorkerLine, WhatIsNotAnEventOrLiesIsHarmless) {
  for (auto const* line : {"", "hello", "[1,2]", "{\"event\":5}", "{\"event\":\"party\"}", "{\"event\":\"done\""})
    EXPECT_TRUE(std::holds_alternative<NotAnEvent>(parse_worker_line(line))) << line;
  EXPECT_EQ(std::get<WorkerUnit>(parse_worker_line(R"({"event":"done","key":["a"]})")).key, "");
  EXPECT_EQ(std::get<WorkerProgress>(parse_worker_line(R"({"event":"progress","done":-4,"of":"x"})")).done, 0);
  auto warning = std::get<WorkerWarning>(parse_worker_line("{\"event\":\"warning\",\"what\":\"\\u001b[2Jgone\"}"));
  EXPECT_EQ(warning.what.find('\x1b'), std::string::npos);
}

VideoStage two_encodes() {
  VideoStage stage;
  FilterNode grade;
  grade.id = "grade";
  grade.in = "source";
  FitNode wide, tall;
  wide.id = "wide";
  tall.id = "tall";
  wide.in = tall.in = "grade";
  EncodeNode youtube, tiktok;
  youtube.id = "youtube";
  youtube.in = "wide";
  tiktok.id = "tiktok";
  tiktok.in = "tall";
  stage.nodes = {grade, wide, tall, youtube, tiktok};
  for (int i = 0; i < 2; ++i) {
    VideoChunk chunk;
    chunk.wanted = {{"youtube", 0, "y" + std::to_string(i)}, {"tiktok", 0, "t" + std::to_string(i)}};
    stage.chunks.push_back(chunk);
  }
  return stage;
}

TEST(Narrow, KeepsOnlyChunksAndNodesThatTheMissingUnitsNeed) {
  auto narrowed = std::get<VideoStage>(narrow_stage(two_encodes(), {"t1"}));
  ASSERT_EQ(narrowed.chunks.size(), 1u);
  ASSERT_EQ(narrowed.chunks[0].wanted.size(), 1u);
  EXPECT_EQ(narrowed.chunks[0].wanted[0].key, "t1");
  std::vector<std::string> ids;
  for (auto const& node : narrowed.nodes) ids.push_back(std::visit([](auto const& it) { return it.id; }, node));
  EXPECT_EQ(ids, (std::vector<std::string>{"grade", "tall", "tiktok"}));
}

TEST(Narrow, WholeStageStaysAsItIs) {
  auto stage = two_encodes();
  EXPECT_EQ(stage_text(narrow_stage(stage, unit_keys(stage))), stage_text(stage));
}

TEST(Narrow, SoundKeepsTheEncodesThatAreMissing) {
  AudioStage stage;
  stage.encodes.resize(3);
  for (int i = 0; i < 3; ++i) stage.encodes[static_cast<std::size_t>(i)].key = "a" + std::to_string(i);
  auto narrowed = std::get<AudioStage>(narrow_stage(stage, {"a1"}));
  ASSERT_EQ(narrowed.encodes.size(), 1u);
  EXPECT_EQ(narrowed.encodes[0].key, "a1");
}

}  // namespace
}  // namespace reelmill
