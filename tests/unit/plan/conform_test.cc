// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/conform.h"

#include <array>

#include <gtest/gtest.h>

#include "plan/chunks.h"

namespace reelmill {
namespace {

VideoStreamInfo source() {
  VideoStreamInfo info;
  info.stream = 0;
  info.codec = "h264", info.pixel_format = "yuv420p";
  info.width = 1920, info.height = 1080;
  info.time_base = Rational(1, 30);
  info.primaries = info.transfer = info.matrix = "bt709";
  return info;
}

SourceAnalysis analysis_of(int frames) {
  SourceAnalysis analysis;
  for (int i = 0; i < frames; ++i) {
    analysis.pts.push_back(i);
    analysis.checksum.push_back(static_cast<std::uint64_t>(i) + 1000);
  }
  analysis.end = frames;
  analysis.sizes = {{0, 1920, 1080}};
  return analysis;
}

// A key frame every 30 frames, every second of them a closed one.
SourceIndex index_of(int frames) {
  SourceIndex index;
  index.video = {source()};
  for (int i = 0; i < frames; ++i)
    index.packets.push_back({i, i, 1, 100,
                             i % 30   ? Access::none
                             : i % 60 ? Access::open
                                      : Access::closed,
                             false, static_cast<std::uint64_t>(i)});
  return index;
}

TEST(Margins, ReachOverTheBordersAndEndWithTheFilm) {
  auto const analysis = analysis_of(360);
  auto const index = index_of(360);
  std::vector<Interval> const plain{{0, 120, {0, 0, 0}}, {120, 120, {120, 120, 120}}, {240, 120, {240, 240, 240}}};
  auto const out = with_margins(plain, 5, 3, analysis, index);
  ASSERT_EQ(out.size(), 3u);
  std::array<int, 3> const lead_in{0, 5, 5}, lead_out{3, 3, 0};
  std::array<std::int64_t, 3> const seek{0, 60, 180};  // the last closed access point at or before the first margin frame
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(out[i].first, plain[i].first);
    EXPECT_EQ(out[i].count, plain[i].count);
    EXPECT_EQ(out[i].lead_in, lead_in[i]);
    EXPECT_EQ(out[i].lead_out, lead_out[i]);
    EXPECT_EQ(out[i].seek.pts, seek[i]);
  }
  auto const wide = with_margins(plain, 150, 0, analysis, index);
  EXPECT_EQ(wide[1].lead_in, 120);
  EXPECT_EQ(wide[2].lead_in, 150);
  EXPECT_EQ(wide[2].seek.pts, 60);
  for (auto const& interval : with_margins(plain, 0, 0, analysis, index)) {
    EXPECT_EQ(interval.lead_in + interval.lead_out, 0);
    EXPECT_EQ(interval.seek.pts, interval.first);
  }
}

Chunks chunks_with(std::vector<Prefilter> prefilters, SourceAnalysis const& analysis) {
  auto const index = index_of(static_cast<int>(analysis.pts.size()));
  Project project;
  project.exports.emplace_back().name = "a";
  auto const graph = *lower_picture(project, source(), {});
  auto const borders = find_borders(index);
  VideoStage stage;
  stage.width = 1920, stage.height = 1080;
  stage.prefilters = std::move(prefilters);
  return chunks_of(Key("video"), stage, {index, analysis, borders, {}, graph}, {});
}

TEST(Margins, AreInTheChunkButNotShown) {
  auto const analysis = analysis_of(600);
  auto const plain = chunks_with({}, analysis), with = chunks_with({{"bwdif", {}, 2, 1}}, analysis);
  ASSERT_EQ(plain.chunks.size(), with.chunks.size());
  ASSERT_GE(with.chunks.size(), 3u);
  for (std::size_t i = 0; i < with.chunks.size(); ++i) {
    auto const &a = plain.chunks[i], &b = with.chunks[i];
    EXPECT_EQ(b.lead_in, i == 0 ? 0 : 2);
    EXPECT_EQ(b.lead_out, i + 1 == with.chunks.size() ? 0 : 1);
    EXPECT_EQ(std::vector(b.pts.begin() + b.lead_in, b.pts.end() - b.lead_out), a.pts);
    EXPECT_EQ(b.first_checksum, 1000u + static_cast<std::uint64_t>(b.pts.front()));
    EXPECT_EQ(b.last_checksum, 1000u + static_cast<std::uint64_t>(b.pts.back()));
    auto const &map_a = a.maps.at("30"), &map_b = b.maps.at("30");
    ASSERT_EQ(map_a.size(), map_b.size());
    for (std::size_t j = 0; j < map_a.size(); ++j) EXPECT_EQ(map_b[j], map_a[j] + b.lead_in);
    EXPECT_NE(plain.keys[i], with.keys[i]);
  }
}

TEST(Margins, AFrameChangesTheKeysOfThoseThatSeeIt) {
  auto const before = chunks_with({{"bwdif", {}, 2, 1}}, analysis_of(600));
  auto changed = analysis_of(600);
  auto const at = static_cast<std::size_t>(before.chunks[1].pts.front());  // a margin of chunk 1, shown by chunk 0
  changed.checksum[at] ^= 1;
  auto const after = chunks_with({{"bwdif", {}, 2, 1}}, changed);
  for (std::size_t i = 0; i < after.keys.size(); ++i) EXPECT_EQ(after.keys[i] == before.keys[i], i > 1) << i;
  changed = analysis_of(600);
  changed.checksum[at - 1] ^= 1;  // just outside that margin
  auto const other = chunks_with({{"bwdif", {}, 2, 1}}, changed);
  for (std::size_t i = 0; i < other.keys.size(); ++i) EXPECT_EQ(other.keys[i] == before.keys[i], i > 0) << i;
}

TEST(Conform, InterlacedSourcesAreDeinterlacedInTheirFieldOrder) {
  auto info = source();
  auto analysis = analysis_of(10);
  EXPECT_TRUE(conform_of(info, &analysis, {}).prefilters.empty());
  info.field_order = "bb";
  auto const early = conform_of(info, nullptr, {});
  ASSERT_EQ(early.prefilters.size(), 1u);
  EXPECT_EQ(early.prefilters[0].options.at("parity"), "bff");
  EXPECT_EQ(early.tasks, std::vector<std::string>{"deinterlace bff"});
  EXPECT_TRUE(conform_of(info, &analysis, {}).prefilters.empty()) << "H.264's frames say that they are progressive";
  info.codec = "rawvideo";
  EXPECT_EQ(conform_of(info, &analysis, {}).prefilters.size(), 1u) << "here only the container can know";
  analysis.top_first = 10;
  auto const found = conform_of(info, &analysis, {});
  ASSERT_EQ(found.prefilters.size(), 1u);
  EXPECT_EQ(found.prefilters[0].options.at("parity"), "tff");
  EXPECT_EQ(found.prefilters[0].options.at("deint"), "all");
  EXPECT_EQ(margins_of(found.prefilters).before, 1);
  analysis.top_first = 4;
  EXPECT_EQ(conform_of(info, &analysis, {}).prefilters[0].options.at("deint"), "interlaced");
  Lowered own;
  own.deinterlaces = true;
  own.prefilters = {{"bwdif", {{"mode", "send_frame"}}, 1, 1}};
  EXPECT_EQ(conform_of(info, &analysis, own).prefilters, own.prefilters);
}

TEST(Conform, SizesAreEvenAndOfTheFirstFrame) {
  auto info = source();
  auto analysis = analysis_of(10);
  analysis.sizes = {{0, 161, 91}, {4, 320, 180}};
  auto const out = conform_of(info, &analysis, {});
  EXPECT_EQ(out.width, 160);
  EXPECT_EQ(out.height, 90);
  EXPECT_EQ(out.tasks.size(), 1u);
}

TEST(Conform, HdrIsToneMappedAfterDeinterlacingAndBeforeTheProjectsFilters) {
  auto info = source();
  info.transfer = "smpte2084", info.primaries = "bt2020", info.matrix = "bt2020nc";
  auto analysis = analysis_of(10);
  analysis.top_first = 10;
  analysis.peak = 600;
  Lowered lowered;
  lowered.prefilters = {{"hqdn3d", {}, 8, 0}};
  auto const out = conform_of(info, &analysis, lowered);
  ASSERT_GE(out.prefilters.size(), 4u);
  EXPECT_EQ(out.prefilters.front().filter, "bwdif");
  EXPECT_EQ(out.prefilters.back().filter, "hqdn3d");
  auto const map =
      std::find_if(out.prefilters.begin(), out.prefilters.end(), [](auto const& f) { return f.filter == "tonemap"; });
  ASSERT_NE(map, out.prefilters.end());
  EXPECT_EQ(map->options.at("peak"), "6.00");
  EXPECT_EQ(working_colours(info), (Colours{"bt709", "bt709", "bt709"}));
  EXPECT_EQ(out.tasks.back(), "tone-map PQ to BT.709");
}

TEST(Conform, ExportsInHdAreBt709) {
  Colours const sd{"smpte170m", "smpte170m", "smpte170m"}, pal{"bt470bg", "smpte170m", "bt470bg"}, hd{"bt709", "bt709", "bt709"};
  EXPECT_EQ(export_colours(sd, 1920, 1080), (Colours{"smpte170m", "bt709", "bt709"}));
  EXPECT_EQ(export_colours(pal, 1280, 720), (Colours{"bt470bg", "bt709", "bt709"}));
  EXPECT_EQ(export_colours({"smpte432", "bt709", "bt709"}, 640, 480), hd);
  EXPECT_EQ(export_colours(sd, 640, 480), sd);
  EXPECT_EQ(export_colours(hd, 640, 480), hd);
  EXPECT_EQ(export_colours({"bt2020", "bt2020-10", "bt2020nc"}, 640, 480), hd);
  EXPECT_EQ(export_colours({"bt709", "iec61966-2-1", "bt709"}, 1920, 1080).transfer, "iec61966-2-1");
  EXPECT_EQ(export_colours({"bt709", "bt709", "ictcp"}, 1920, 1080).matrix, "ictcp") << "cannot be converted";
  EXPECT_TRUE(colour_nodes(hd, hd).empty());
  auto const nodes = colour_nodes(sd, {"smpte170m", "bt709", "bt709"});
  ASSERT_EQ(nodes.size(), 1u);
  auto const& options = std::get<FilterNode>(nodes[0]).options;
  EXPECT_EQ(options.at("matrixin"), "smpte170m");
  EXPECT_EQ(options.at("matrix"), "bt709");
  EXPECT_EQ(options.at("primariesin"), options.at("primaries"));
  EXPECT_EQ(options.at("transferin"), options.at("transfer"));
  auto const wide = colour_nodes({"bt2020", "bt2020-10", "bt2020nc"}, hd);
  EXPECT_EQ(std::get<FilterNode>(wide.at(0)).options.at("primariesin"), "bt2020");
}

TEST(Conform, ThePictureIsTurnedAfterTheWarpAndBeforeTheOtherSteps) {
  auto info = source();
  info.rotation = 90;
  info.mirrored = true;
  Project project;
  project.exports.emplace_back().name = "a";
  auto const graph = *lower_picture(project, info, {.nodes = {WarpNode{"", "", "mirror"}, FilterNode{"", "", "eq", {}}}});
  ASSERT_EQ(graph.nodes.size(), 6u);
  EXPECT_TRUE(std::holds_alternative<WarpNode>(graph.nodes[0]));
  EXPECT_EQ(std::get<FilterNode>(graph.nodes[1]).filter, "hflip");
  EXPECT_EQ(std::get<FilterNode>(graph.nodes[2]).filter, "transpose");
  EXPECT_EQ(std::get<FilterNode>(graph.nodes[3]).filter, "eq");
  auto const no_warp = *lower_picture(project, info, {.nodes = {FilterNode{"", "", "eq", {}}}});
  EXPECT_EQ(std::get<FilterNode>(no_warp.nodes[0]).filter, "hflip");
  EXPECT_EQ(std::get<FilterNode>(no_warp.nodes[2]).filter, "eq");
}

Operation operation_that(std::string_view name, void (*lowers)(std::any const&, Lowering&)) {
  Operation out;
  out.name = name;
  out.lower = lowers;
  return out;
}

TEST(Lowering, WhatLooksAtNeighboursComesFirst) {
  auto const around = operation_that("around", [](std::any const&, Lowering& l) {
    l.prefilters.push_back({"hqdn3d", {}, 8, 0});
  });
  auto const plain = operation_that("plain", [](std::any const&, Lowering& l) {
    l.video.push_back(FilterNode{"", "", "eq", {}});
  });
  auto const steady = operation_that("steady", [](std::any const&, Lowering& l) {
    l.motion = true;
    l.video.push_back(WarpNode{"", "", "mirror"});
  });
  Project project;
  project.video = {{&around, {}, 3}, {&steady, {}, 4}, {&plain, {}, 5}};
  auto const good = lower(project);
  ASSERT_TRUE(good) << good.error().text();
  EXPECT_EQ(good->prefilters.size(), 1u);
  EXPECT_EQ(good->video.size(), 2u);
  for (auto const& wrong :
       {std::vector<Step>{{&plain, {}, 3}, {&around, {}, 4}}, std::vector<Step>{{&steady, {}, 3}, {&around, {}, 4}},
        std::vector<Step>{{&plain, {}, 3}, {&steady, {}, 4}}}) {
    project.video = wrong;
    auto const bad = lower(project);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().kind, ErrorKind::project);
    EXPECT_NE(bad.error().what.find("line 4: "), std::string::npos) << bad.error().what;
    EXPECT_NE(bad.error().what.find("(line 3); move it up"), std::string::npos) << bad.error().what;
  }
}

}  // namespace
}  // namespace reelmill
