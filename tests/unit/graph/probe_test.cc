// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/probe.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

SourceProbe good() {
  SourceProbe probe;
  probe.container = "mov,mp4,m4a,3gp,3g2,mj2";
  probe.long_name = "QuickTime / MOV";
  probe.usual_extensions = "mov,mp4";
  probe.layout = {.size = 1000, .needed = 1000, .tracks = 2, .edit_lists = 1, .fragments = 0, .index = "last", .cut = ""};
  probe.duration = probe.claimed_duration = 10;
  probe.streams = 2;
  PictureProbe picture;
  picture.info.stream = 0;
  picture.info.codec = "h264";
  picture.info.width = 1920;
  picture.info.height = 1080;
  picture.info.field_order = "progressive";
  picture.rate = Rational(30);
  picture.longest_frame = picture.shortest_frame = 1 / 30.0;
  picture.timing.packets = picture.timing.claimed_packets = 300;
  picture.timing.duration = 10;
  SoundProbe sound;
  sound.info.stream = 1;
  sound.info.codec = "aac";
  sound.timing.packets = 470;
  probe.video.push_back(picture);
  probe.audio.push_back(sound);
  return probe;
}

Decoded decoded(std::int64_t units, std::int64_t errors = 0, std::int64_t missing = 0) {
  Decoded all;
  all.units = units;
  all.errors = errors;
  all.missing = missing;
  return all;
}

std::string worst(SourceProbe const& probe, std::string_view extension = ".mp4") {
  auto const faults = judge(probe, extension);
  return faults.empty() ? "" : faults.front().code;
}

TEST(Judge, AGoodFileHasNoFaults) { EXPECT_EQ(worst(good()), ""); }

TEST(Judge, EveryMeasureHasItsFault) {
  auto const of = [](auto const& change) {
    auto probe = good();
    change(probe);
    auto const faults = judge(probe, ".mp4");
    return faults.empty() ? std::string() : faults.front().code + " " + std::string(name_of(faults.front().severity));
  };
  EXPECT_EQ(of([](auto& p) { p.layout.needed = 2000; }), "truncated error");
  EXPECT_EQ(of([](auto& p) { p.layout.cut = "no end"; }), "truncated error");
  EXPECT_EQ(of([](auto& p) { p.layout.index = "missing"; }), "no_index error");
  EXPECT_EQ(of([](auto& p) { p.read_error = "end of file"; }), "unreadable_packets error");
  EXPECT_EQ(of([](auto& p) { p.streams = 65; }), "too_many_streams error");
  EXPECT_EQ(of([](auto& p) { p.video.clear(), p.audio.clear(); }), "no_streams error");
  EXPECT_EQ(of([](auto& p) { p.video.clear(); }), "no_picture note");
  EXPECT_EQ(of([](auto& p) { p.audio.clear(); }), "no_sound note");
  EXPECT_EQ(of([](auto& p) { p.duration = p.claimed_duration = 90000; }), "too_long error");
  EXPECT_EQ(of([](auto& p) { p.video[0].info.width = 16000, p.video[0].info.height = 16000; }), "too_large error");
  EXPECT_EQ(of([](auto& p) { p.video[0].info.width = 4320, p.video[0].info.height = 8192; }), "");
  EXPECT_EQ(of([](auto& p) { p.video[0].rate = Rational(1000); }), "absurd_rate error");
  EXPECT_EQ(of([](auto& p) { p.video[0].rate = Rational(240); }), "");
  EXPECT_EQ(of([](auto& p) { p.video[0].is_decodable = false; }), "unsupported_codec error");
  EXPECT_EQ(of([](auto& p) { p.audio[0].is_decodable = false; }), "unsupported_codec warning");
  EXPECT_EQ(of([](auto& p) { p.video[0].timing.packets = 299; }), "missing_packets error");
  EXPECT_EQ(of([](auto& p) { p.audio[0].timing.packets = 0; }), "no_packets error");
  EXPECT_EQ(of([](auto& p) { p.audio[0].timing.damaged = 1; }), "damaged_packets error");
  EXPECT_EQ(of([](auto& p) { p.container = "mpegts", p.usual_extensions = "", p.audio[0].timing.damaged = 1; }),
            "damaged_packets warning");
  EXPECT_EQ(of([](auto& p) { p.video[0].timing.backwards = 1; }), "timestamps warning");
  EXPECT_EQ(of([](auto& p) { p.video[0].varies = true; }), "variable_rate note");
  EXPECT_EQ(of([](auto& p) { p.video[0].parameter_changes = 1; }), "parameters_change warning");
  EXPECT_EQ(of([](auto& p) { p.claimed_duration = 10.2; }), "duration_mismatch warning");
  EXPECT_EQ(of([](auto& p) { p.claimed_duration = 10.05; }), "");
  EXPECT_EQ(of([](auto& p) { p.claimed_duration = 20; }), "duration_mismatch warning");
  EXPECT_EQ(of([](auto& p) { p.container = "mp3", p.usual_extensions = "", p.claimed_duration = 20; }), "truncated error");
  EXPECT_EQ(of([](auto& p) { p.video[0].decoded = decoded(0); }), "decode_errors error");
  EXPECT_EQ(of([](auto& p) { p.video[0].decoded = decoded(300, 1); }), "decode_errors error");
  EXPECT_EQ(of([](auto& p) { p.video[0].decoded = decoded(299, 0, 1); }), "missing_frames error");
  EXPECT_EQ(of([](auto& p) { p.video[0].decoded = decoded(300); }), "");
  EXPECT_EQ(of([](auto& p) { p.video[0].info.field_order = "tt"; }), "interlaced note");
  EXPECT_EQ(of([](auto& p) { p.video[0].fields = {.progressive = 2, .top_first = 30}; }), "interlacing_untagged warning");
  EXPECT_EQ(of([](auto& p) { p.video[0].fields = {.progressive = 100, .top_first = 3}; }), "");
  EXPECT_EQ(of([](auto& p) { p.video[0].info.field_order = "tt", p.video[0].fields = {.progressive = 100}; }),
            "progressive_content note");
}

TEST(Judge, AnExtensionIsHeldAgainstTheContainer) {
  EXPECT_EQ(worst(good(), ".MOV"), "");
  EXPECT_EQ(worst(good(), ".mkv"), "wrong_extension");
  EXPECT_EQ(worst(good(), ""), "");
}

TEST(Judge, TheWorstComesFirst) {
  auto probe = good();
  probe.audio.clear();
  probe.video[0].parameter_changes = 2;
  probe.read_error = "end of file";
  auto const faults = judge(probe, ".avi");
  ASSERT_EQ(faults.size(), 4u);
  EXPECT_TRUE(
      std::is_sorted(faults.begin(), faults.end(), [](Fault const& a, Fault const& b) { return a.severity > b.severity; }));
  EXPECT_FALSE(is_valid(faults));
}

TEST(Probe, SurvivesItsJson) {
  auto probe = good();
  probe.chapters.push_back({1, 2, "one"});
  probe.others.push_back({3, "subtitle", "subrip", "spa", "", 0, 0});
  probe.faults.push_back({"truncated", Severity::warning, "x"});
  probe.video[0].rate = Rational(30000, 1001);
  Json const json = probe;
  auto const again = json.get<SourceProbe>();
  EXPECT_EQ(Json(again), json);
  EXPECT_EQ(again.faults[0].severity, Severity::warning);
  auto broken = json;
  broken["faults"][0]["severity"] = "worse";
  EXPECT_THROW((void)broken.get<SourceProbe>(), std::invalid_argument);
}

}  // namespace
}  // namespace reelmill
