// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "graph/stage.h"

namespace reelmill {
namespace {

VideoStage stage() {
  VideoStage out;
  out.source = "a.mp4";
  LutNode lut;
  lut.id = "l", lut.in = "source", lut.file = {"/looks/a.cube", "hash1"}, lut.size = 2, lut.table = {1, -2, 3},
  lut.gamma = {4, 5, 6};
  lut.strength = 7, lut.matrix = "bt709";
  OverlayNode overlay;
  overlay.id = "o", overlay.in = "l", overlay.image = {"/logo.png", "hash2"}, overlay.position = "left", overlay.width = 12.5;
  overlay.margin = 3, overlay.matrix = "bt709";
  TitleNode title;
  title.id = "t", title.in = "o", title.text = "one\ntwo \"ü\"", title.font = {"/fonts/a.ttc", "hash3"}, title.face = 2,
  title.bold = true;
  title.size = 9, title.outline = 2, title.colour = "#010203", title.outline_colour = "#040506", title.position = "top";
  title.margin = 4, title.matrix = "smpte170m";
  out.nodes = {lut, overlay, title, FadeNode{"f", "t", "#ffffff", "bt709"}};
  VideoChunk chunk;
  chunk.pts = {0, 1, 2};
  chunk.weights = {{"o", {0, 65536, 7}}, {"f", {1, 2, 3}}};
  out.chunks = {chunk};
  return out;
}

TEST(PictureNodes, EveryFieldSurvives) {
  auto const back = parse_stage(stage_text(stage()));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(stage_text(*back), stage_text(stage()));
  auto const& video = std::get<VideoStage>(*back);
  auto const& lut = std::get<LutNode>(video.nodes.at(0));
  EXPECT_EQ(lut.file.path + lut.file.hash, "/looks/a.cubehash1");
  EXPECT_EQ(lut.table, (std::vector<std::int32_t>{1, -2, 3}));
  EXPECT_EQ(lut.gamma, (std::vector<std::int32_t>{4, 5, 6}));
  EXPECT_EQ(lut.size + lut.strength, 9);
  auto const& overlay = std::get<OverlayNode>(video.nodes.at(1));
  EXPECT_EQ(overlay.image.hash + overlay.position, "hash2left");
  EXPECT_EQ(overlay.width + overlay.margin, 15.5);
  auto const& title = std::get<TitleNode>(video.nodes.at(2));
  EXPECT_EQ(title.text, "one\ntwo \"ü\"");
  EXPECT_EQ(title.font.path, "/fonts/a.ttc");
  EXPECT_EQ(title.face, 2);
  EXPECT_TRUE(title.bold);
  EXPECT_EQ(title.size + title.outline + title.margin, 15);
  EXPECT_EQ(title.colour + title.outline_colour + title.position + title.matrix, "#010203#040506topsmpte170m");
  EXPECT_EQ(std::get<FadeNode>(video.nodes.at(3)).colour, "#ffffff");
  EXPECT_EQ(video.chunks.at(0).weights, stage().chunks[0].weights);
}

TEST(PictureNodes, AssetsAreThoseThatAreUsed) {
  EXPECT_EQ(assets_of(stage()), (std::vector<std::string>{"/looks/a.cube", "/logo.png"}));
  auto all = stage();
  all.chunks[0].weights["t"] = {0, 0, 1};
  EXPECT_EQ(assets_of(all).size(), 3u);
}

TEST(PictureNodes, WeightsOfAnotherLengthAreRefused) {
  auto wrong = stage();
  wrong.chunks[0].weights["f"] = {1, 2};
  EXPECT_FALSE(parse_stage(stage_text(wrong)));
}

}  // namespace
}  // namespace reelmill
