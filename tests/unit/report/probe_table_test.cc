// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/probe_table.h"

#include <gtest/gtest.h>

#include "report/probe_json.h"

namespace reelmill {
namespace {

ProbedFile film() {
  ProbedFile file;
  file.path = "films/a.mp4";
  file.probe.container = "mov,mp4,m4a,3gp,3g2,mj2";
  file.probe.duration = 62.2;
  PictureProbe picture;
  picture.info.codec = "h264";
  picture.info.pixel_format = "yuv420p";
  picture.info.width = 1920;
  picture.info.height = 1080;
  picture.info.field_order = "tt";
  picture.rate = Rational(30000, 1001);
  file.probe.video.push_back(picture);
  return file;
}

TEST(RateText, IsShort) {
  EXPECT_EQ(rate_text(Rational(30)), "30");
  EXPECT_EQ(rate_text(Rational(30000, 1001)), "29.97");
  EXPECT_EQ(rate_text(Rational(24000, 1001)), "23.976");
  EXPECT_EQ(rate_text(Rational(25, 2)), "12.5");
}

TEST(ProbeTable, SaysWhatIsWrongBelowTheFile) {
  ProbedFile bad;
  bad.path = "films/b\x1b[2J.mp4";
  bad.faults = {{"empty", Severity::error, "the file is empty"}, {"no_sound", Severity::note, "no sound"}};
  EXPECT_EQ(probe_table({film(), bad}, {Letters::unicode, false}, Notes::hide),
            "✓ films/a.mp4  mp4/mov  h264 1920x1080 29.97i yuv420p  no sound  1:02\n"
            "✗ films/b?[2J.mp4\n"
            "    error: the file is empty\n"
            "1/2 valid\n");
  auto const coloured = probe_table({bad}, {Letters::ascii, true}, Notes::show);
  EXPECT_NE(coloured.find("\x1b[31m!!"), coloured.npos);
  EXPECT_NE(coloured.find("no sound"), coloured.npos);
}

TEST(ProbeJson, WhatIsNotKnownIsNull) {
  auto const json = json_of(film());
  EXPECT_EQ(json["valid"], true);
  EXPECT_TRUE(json["video"]["level"].is_null());
  EXPECT_TRUE(json["video"]["decoded"].is_null());
  EXPECT_TRUE(json["claimed_duration"].is_null());
  EXPECT_EQ(json["video"]["rate"], "30000/1001");
  EXPECT_EQ(json["audio"], Json::array());
  EXPECT_EQ(json_of(std::vector<ProbedFile>{film(), film()})["valid"], 2);
}

}  // namespace
}  // namespace reelmill
