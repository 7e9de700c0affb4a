// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/copies.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

// Four pictures of which each second is shown before the one it follows, and one that is hidden behind them.
SourceIndex film() {
  SourceIndex index;
  index.identity = "content";
  VideoStreamInfo info;
  info.stream = 1, info.codec = "h264", info.header = "told";
  info.time_base = Rational(1, 1000), info.average_rate = Rational(25);
  index.video = {info};
  index.packets = {{0, -80, 40, 100, Access::closed, false, 1},
                   {80, -40, 40, 30, Access::none, false, 2},
                   {40, 0, 40, 20, Access::none, false, 3},
                   {120, 40, 40, 10, Access::none, false, 4},
                   {160, 80, 40, 5, Access::none, true, 5}};
  return index;
}

Export to(std::string const& container) {
  Export target;
  target.video_codec = copy_codec;
  target.container = container;
  return target;
}

TEST(Copies, EndWithTheLastPictureShown) {
  auto const copied = copied_picture(film(), shown(film()));
  EXPECT_EQ(copied.stage.stream, 1);
  EXPECT_EQ(copied.stage.packets, 4);
  EXPECT_EQ(copied.bytes, 160);
  EXPECT_EQ(copied.delay, 80);
  EXPECT_EQ(copied.tick, Rational(1, 1000));
  EXPECT_EQ(copied.rate, Rational(25));
}

TEST(Copies, EndEarlyWhereNoPictureIsOutstanding) {
  // Decoded 0 2 1 4 3 | 5 …, shown in order.
  auto index = film();
  index.packets.clear();
  for (std::int64_t const at : {0, 2, 1, 4, 3, 5, 7, 6})
    index.packets.push_back({at * 40, static_cast<std::int64_t>(index.packets.size()) * 40 - 80, 40, 10, Access::none, false, 1});
  auto const until = [&](std::int64_t end) { return copied_picture(index, {0, end}); };
  EXPECT_EQ(until(320).stage.packets, 8);
  EXPECT_EQ(until(320).end, 320);
  EXPECT_EQ(until(240).stage.packets, 6);  // 5 is shown, 7 and 6 are not begun
  EXPECT_EQ(until(240).end, 240);
  EXPECT_EQ(until(160).stage.packets, 3);  // 4 would come with 3
  EXPECT_EQ(until(160).end, 120);
  EXPECT_EQ(until(40).stage.packets, 1);
  EXPECT_EQ(until(40).bytes, 10);
}

TEST(Copies, TheKeyIsMadeOfAllThatIsCopied) {
  auto const key = [](SourceIndex const& index, std::int64_t origin) {
    return copy_key(Key("copy"), index.video.front(), copied_picture(index, {origin, shown(index).end}).stage, {}).hex();
  };
  auto const first = key(film(), 0);
  EXPECT_EQ(key(film(), 0), first);
  EXPECT_NE(key(film(), 40), first);
  auto other = film();
  other.video.front().header = "told otherwise";
  EXPECT_NE(key(other, 0), first);
  other = film();
  other.identity = "other";
  EXPECT_NE(key(other, 0), first);
  other = film();
  other.packets.back().discard = false;
  EXPECT_NE(key(other, 0), first);
}

TEST(Copies, WhatStandsInTheirWayIsNamed) {
  auto const found = [](SourceIndex const& index, Export const& target, std::int64_t origin = 0) {
    return obstacle(target, index, copied_picture(index, {origin, shown(index).end})).value_or("");
  };
  for (auto const* container : {"mp4", "mov", "mkv"}) EXPECT_EQ(found(film(), to(container)), "");
  EXPECT_EQ(found(film(), to("webm")), "a file of webm cannot hold h264, which mp4, mov, mkv can; set 'container'");
  auto other = film();
  other.video.front().codec = "flv1";
  EXPECT_EQ(found(other, to("mp4")), "no container here takes a copy of flv1; choose another codec than copy");
  other = film();
  other.video.front().rotation = 90;
  EXPECT_EQ(found(other, to("mov")), "");
  EXPECT_EQ(found(other, to("mkv")), "a file of mkv cannot say that its picture is to be turned; set 'container: mp4' or 'mov'");
  other = film();
  other.packets[2].discard = true;
  EXPECT_EQ(found(other, to("mp4")), "its edit list hides pictures between others; encode it");
  other = film();
  other.packets[2].dts = 60;
  EXPECT_EQ(found(other, to("mp4")), "its packet 2 is out of order; encode it");
  other = film();
  other.packets[3].dts = 0;
  EXPECT_EQ(found(other, to("mp4")), "its packet 3 is out of order; encode it");
  other = film();
  other.video.front().is_timed = false;
  EXPECT_EQ(found(other, to("mp4")), "its container does not say when each picture is shown; encode it");

  EXPECT_EQ(found(film(), to("mp4"), 80), "") << "an edit list hides what comes before";
  auto unlisted = to("mp4");
  unlisted.edit_lists = false;
  EXPECT_NE(found(film(), unlisted, 80).find("2 of its pictures lie before the first"), std::string::npos);
  EXPECT_NE(found(film(), to("mkv"), 80), "");
}

TEST(Copies, AreForNobodyWhoCutsOrChangesThem) {
  Project project;
  project.exports = {to("mp4")};
  EXPECT_TRUE(check_copies(project));
  project.range = TimeRange{};
  EXPECT_EQ(check_copies(project).error().kind, ErrorKind::usage);
  project.range.reset();
  auto const* const stabilize = operation_named("stabilize", Track::video);
  project.video = {{stabilize, stabilize->defaults(), 7}};
  auto const refused = check_copies(project);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::project);
  EXPECT_EQ(refused.error().what.substr(0, 38), "line 7: stabilize changes the picture,");
  project.exports.front().video_codec = "h264";
  EXPECT_TRUE(check_copies(project));
}

}  // namespace
}  // namespace reelmill
