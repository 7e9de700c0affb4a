// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "report/announcer.h"
#include "report/complain.h"
#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;

// A stream that remembers what was written to it.
class Paper {
 public:
  Paper() : file_(open_memstream(&bytes_, &size_)) {}
  ~Paper() {
    std::fclose(file_);
    free(bytes_);
  }
  std::FILE* file() const { return file_; }
  std::string text() const {
    std::fflush(file_);
    return {bytes_, size_};
  }

 private:
  char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* file_;
};

Event at(double time, Happening what) { return {1, time, std::move(what)}; }

Meter meter_at(double done, double seconds) {
  Meters meters;
  meters.take(at(100, StageStarted{"v1", "film: picture", "video", 900, 30}));
  meters.take(at(100 + seconds, Progress{"v1", done, 900, "frames"}));
  return *meters.running("v1");
}

TEST(Meters, RateSpeedAndTimeLeft) {
  auto meter = meter_at(90, 3);
  EXPECT_DOUBLE_EQ(meter.rate, 30);
  EXPECT_DOUBLE_EQ(*meter.fraction(), 0.1);
  EXPECT_DOUBLE_EQ(*meter.speed(), 1);
  EXPECT_DOUBLE_EQ(*meter.seconds_left(), 27);
}

TEST(Meters, SecondsOfSoundAreTheirOwnSpeedAndUnknownIsNotGuessed) {
  Meters meters;
  meters.take(at(0, StageStarted{"a", "film: sound", "audio", 0, 0}));
  EXPECT_EQ(meters.running("a")->speed(), std::nullopt);
  EXPECT_EQ(meters.running("a")->fraction(), std::nullopt);
  meters.take(at(2, Progress{"a", 50, 0, "seconds"}));
  EXPECT_DOUBLE_EQ(*meters.running("a")->speed(), 25);
  EXPECT_EQ(meters.running("a")->seconds_left(), std::nullopt);
}

TEST(Meters, RateFollowsAChangeOfPace) {
  Meters meters;
  meters.take(at(0, StageStarted{"v", "film", "video", 100000, 0}));
  double done = 0;
  for (int second = 1; second <= 60; ++second) meters.take(at(second, Progress{"v", done += 10, 0, "frames"}));
  EXPECT_NEAR(meters.running("v")->rate, 10, 0.01);
  for (int second = 61; second <= 90; ++second) meters.take(at(second, Progress{"v", done += 40, 0, "frames"}));
  EXPECT_NEAR(meters.running("v")->rate, 40, 2);
}

TEST(Meters, CountsStagesAndForgetsThoseThatEnded) {
  Meters meters;
  for (auto const* id : {"a", "b"}) meters.take(at(0, StageQueued{id, id, "video", 0, 0}));
  for (auto const* id : {"a", "b"}) meters.take(at(0, StageStarted{id, id, "video", 0, 0}));
  meters.take(at(1, StageFinished{"a", "a", 1, 1, 0}));
  EXPECT_EQ(meters.running().size(), 1u);
  EXPECT_EQ(meters.finished(), 1);
  EXPECT_EQ(meters.queued(), 2);
  meters.take(at(1, AttemptFailed{"b", "b", ErrorKind::crashed, "oh", true, ""}));
  EXPECT_TRUE(meters.running().empty());
  meters.take(at(1, Progress{"b", 5, 10, "frames"}));
  EXPECT_TRUE(meters.running().empty());
}

TEST(Lines, MeterShowsEverythingWhereThereIsRoom) {
  auto line = meter_line(meter_at(90, 3), 120, Letters::ascii);
  EXPECT_EQ(line, "film: picture                 ###---------------------------  90/900 frames  1.00x  30.0 fps  ETA 0:27");
}

TEST(Lines, MeterNeverExceedsTheWidth) {
  auto meter = meter_at(90, 3);
  meter.label = "Käse und Brötchen: ein Film über das Frühstück in München";
  for (int width = 1; width < 150; ++width) {
    EXPECT_LE(columns_of(meter_line(meter, width, Letters::unicode)), width);
    EXPECT_LE(columns_of(meter_line(meter, width, Letters::ascii)), width);
  }
  EXPECT_NE(meter_line(meter, 60, Letters::unicode).find("ETA"), std::string::npos);
}

TEST(Lines, ClippingKeepsWholeCharacters) {
  EXPECT_EQ(clipped("Käse", 4, Letters::unicode), "Käse");
  EXPECT_EQ(clipped("Käse", 3, Letters::unicode), "Kä…");
  EXPECT_EQ(clipped("Käse", 3, Letters::ascii), "Kä.");
  EXPECT_EQ(clipped("Käse", 0, Letters::ascii), "");
}

TEST(Lines, OutputsAreReportedWithSizeDurationAndFrames) {
  EXPECT_EQ(sentence(OutputWritten{"02_output/film.mp4", 12345678, 20, 600, "youtube"}, Letters::unicode),
            "  ✓ youtube: 02_output/film.mp4 (12.35 MB, 20.00 s, 600 frames)");
  EXPECT_EQ(sentence(Delivered{"03/film.mp4", "02/film.mp4", 1000000}, Letters::ascii), "  ok delivered: 03/film.mp4 (1.00 MB)");
  EXPECT_EQ(sentence(Warning{"", "odd \x1b[2J name"}, Letters::ascii).find('\x1b'), std::string::npos);
}

// What a terminal shows in the end: text, newlines, "go up n lines" and "erase below" are all that is used.
std::vector<std::string> screen_of(std::string const& bytes) {
  std::vector<std::string> lines{""};
  std::size_t row = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\n') {
      if (++row == lines.size()) lines.emplace_back();
    } else if (bytes[i] == '\x1b') {
      auto end = bytes.find_first_of("AJhlm", i);
      if (bytes[end] == 'A') row -= std::stoul(bytes.substr(i + 2, end - i - 2));
      if (bytes[end] == 'J') {
        lines.resize(row + 1);
        lines[row].clear();
      }
      i = end;
    } else if (bytes[i] != '\r') {
      lines[row] += bytes[i];
    }
  }
  return lines;
}

void play(LiveProgress& live) {
  live.take(at(0, StageStarted{"a", "sound", "audio", 60, 60}));
  live.take(at(0.05, StageStarted{"b", "picture", "video", 900, 30}));
  live.take(at(1, Progress{"a", 30, 60, "seconds"}));
  live.take(at(2, Progress{"b", 90, 900, "frames"}));
}

TEST(LiveProgress, OneLinePerRunningStageRedrawnInPlace) {
  Paper paper;
  LiveProgress live(paper.file(), {Letters::ascii, false}, [] { return 80; });
  play(live);
  auto screen = screen_of(paper.text());
  ASSERT_EQ(screen.size(), 4u);
  EXPECT_EQ(screen[0].substr(0, 8), "sound   ");
  EXPECT_NE(screen[1].find("90/900 frames"), std::string::npos);
  EXPECT_EQ(screen[2], "0 of 0 stages done  0:02");
}

TEST(LiveProgress, SentencesStayAboveTheMovingLines) {
  Paper paper;
  LiveProgress live(paper.file(), {Letters::ascii, false}, [] { return 80; });
  play(live);
  live.take(at(2.01, Warning{"b", "a frame is missing"}));
  auto screen = screen_of(paper.text());
  ASSERT_EQ(screen.size(), 5u);
  EXPECT_EQ(screen[0], "b: warning: a frame is missing");
  EXPECT_EQ(screen[1].substr(0, 5), "sound");
}

TEST(LiveProgress, IsDrawnAtMostTenTimesASecond) {
  Paper paper;
  LiveProgress live(paper.file(), {Letters::ascii, false}, [] { return 80; });
  play(live);
  auto before = paper.text().size();
  live.take(at(2.05, Progress{"b", 91, 900, "frames"}));
  EXPECT_EQ(paper.text().size(), before);
  live.take(at(2.11, Progress{"b", 92, 900, "frames"}));
  EXPECT_GT(paper.text().size(), before);
}

TEST(LiveProgress, CursorComesBackAndNothingMovingStays) {
  Paper paper;
  {
    LiveProgress live(paper.file(), {Letters::ascii, false}, [] { return 80; });
    play(live);
  }
  auto text = paper.text();
  EXPECT_GT(text.rfind("\x1b[?25h"), text.rfind("\x1b[?25l"));
  EXPECT_EQ(screen_of(text), std::vector<std::string>{""});
}

TEST(PlainProgress, StartEveryTenthAndEnd) {
  Paper paper;
  PlainProgress plain(paper.file(), {Letters::ascii, false});
  plain.take(at(0, StageStarted{"b", "picture", "video", 200, 0}));
  for (int done = 1; done <= 200; ++done) plain.take(at(done, Progress{"b", static_cast<double>(done), 200, "frames"}));
  plain.take(at(201, StageFinished{"b", "picture", 201, 400, 1350000000}));
  auto text = paper.text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
  EXPECT_EQ(text.find("picture: started\npicture: 10 %\n"), 0u);
  EXPECT_NE(text.find("picture: 90 %\npicture: done in 3 min 21 s (6 min 40 s of processor time, at most 1.4 GB of memory)\n"),
            std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Announcer, JsonIsOneObjectALineAndNothingElse) {
  Paper paper;
  Events events;
  Announcer reporter(events, Reporting::json, paper.file());
  events.emit(RunStarted{"film", 2, 0});
  events.emit(Warning{"", "bad bytes \xff"});
  events.emit(RunFinished{true, 3});
  auto text = paper.text();
  std::vector<std::string> names;
  std::size_t begin = 0;
  for (std::int64_t n = 1; begin < text.size(); ++n) {
    auto end = text.find('\n', begin);
    auto json = Json::parse(text.substr(begin, end - begin));
    EXPECT_EQ(json.at("n"), n);
    names.push_back(json.at("event"));
    begin = end + 1;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"run_started", "warning", "run_finished"}));
}

TEST(Style, NoColorAndLocaleAreRespected) {
  Paper paper;
  setenv("LC_ALL", "C", 1);
  EXPECT_EQ(style_for(stdout).letters, Letters::ascii);
  setenv("LC_ALL", "en_US.UTF-8", 1);
  EXPECT_EQ(style_for(stdout).letters, Letters::unicode);
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(style_for(stdout).colour);
  unsetenv("NO_COLOR");
  unsetenv("LC_ALL");
}

using RunLogTest = InTemporaryFolder;

TEST_F(RunLogTest, LiesInMetadataAndHasTimesAndDetails) {
  auto workspace = Workspace::open(folder_);
  ASSERT_TRUE(workspace);
  auto log = RunLog::open(*workspace);
  ASSERT_TRUE(log);
  EXPECT_EQ(log->path().parent_path(), folder_ / "metadata" / "logs");
  log->take(at(0, AttemptFailed{"b", "picture", ErrorKind::crashed, "it died", true, "first\nlast words\n"}));
  log->take(at(1, Progress{"b", 1, 2, "frames"}));
  log->take(at(1.5, UnitDone{"b", "abcd"}));
  std::ifstream file(log->path());
  std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(text,
            "1970-01-01T00:00:00.000Z  !! picture: it died; trying again\n    | first\n    | last words\n"
            "1970-01-01T00:00:01.500Z  b: unit abcd\n");
}

TEST(Complaint, SaysWhoSpeaksUnlessAPlaceInAFileDoes) {
  EXPECT_EQ(complaint({ErrorKind::media, "reading 'a.mp4': no picture"}), "reelmill: reading 'a.mp4': no picture\n");
  EXPECT_EQ(complaint({ErrorKind::project, "reelmill.yaml:14:9: unknown key 'loudnes'"}),
            "reelmill.yaml:14:9: unknown key 'loudnes'\n");
  EXPECT_EQ(complaint({ErrorKind::usage, "at 12:30: no"}), "reelmill: at 12:30: no\n");
}

}  // namespace
}  // namespace reelmill
