// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "plan/made_of.h"

namespace reelmill {
namespace {

struct Render {
  VideoStreamInfo source;
  VideoStage stage;
  PictureGraph graph;
  Leaf leaf{0, "a", 0};
  VideoChunk chunk;
  std::vector<std::uint64_t> checksums{1, 2, 3, 4};
  Builds builds{{"libx264", "one"}, {"libx265", "one"}, {"libzimg", "one"}, {"libavcodec", "one"}, {"libswscale", "one"}};

  Render() {
    source.pixel_format = "yuv420p";
    stage.width = 64, stage.height = 36;
    FilterNode const grade{"a.1", "source", "eq", {{"contrast", "1.1"}}};
    FadeNode const fade{"a.2", "a.1", "#000000", "bt709"};
    FitNode const fit{"a.fit", "a.2", "pad", 32, 18};
    EncodeNode encode;
    encode.id = "a", encode.in = "a.fit", encode.codec = "h264";
    encode.variants = {{0}, {1000}};
    graph.nodes = {grade, fade, fit, encode};
    graph.leaves = {leaf};
    graph.timings["a.2"] = {};
    chunk.pts = {0, 1, 2, 3};
    chunk.maps["30"] = {0, 1, 2, 3};
  }

  template <class Node>
  Node& node(std::size_t at) {
    return std::get<Node>(graph.nodes[at]);
  }
  Key key(bool keeps = false) const {
    return ChunkKeys(Key("video", keeps), source, stage, graph, builds).key(leaf, chunk, content_of(chunk, checksums));
  }
};

TEST(ChunkKey, ChangesWithWhateverChangesItsPictures) {
  std::vector<std::function<void(Render&)>> const changes{
      [](Render& r) { r.checksums[2] = 9; },
      [](Render& r) { r.chunk.maps["30"][1] = 0; },
      [](Render& r) { r.node<FilterNode>(0).options["contrast"] = "1.2"; },
      [](Render& r) { r.node<FitNode>(2).fit = "crop"; },
      [](Render& r) { r.node<EncodeNode>(3).crf = 24; },
      [](Render& r) { r.leaf.variant = 1; },
      [](Render& r) {
        r.chunk.weights["a.2"] = {0, 0, 1, 1};
      },
      [](Render& r) {
        r.stage.prefilters = {{"bwdif", {}, 1, 1}};
      },
      [](Render& r) { r.source.matrix = "bt709"; },
      [](Render& r) { r.stage.width = 66; },
      [](Render& r) { r.builds["libx264"] = "two"; },
      [](Render& r) { r.builds["libavcodec"] = "two"; },
      [](Render& r) { r.builds["processor"] = "avx2"; },
  };
  auto const before = Render().key().hex();
  std::set<std::string> seen{before};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Render render;
    changes[i](render);
    EXPECT_TRUE(seen.insert(render.key().hex()).second) << i;
  }
}

TEST(ChunkKey, StaysWhenWhatChangesIsNotInTheChunk) {
  std::vector<std::function<void(Render&)>> const changes{
      [](Render& r) { r.node<FadeNode>(1).colour = "#ff0000"; },  // it is applied to none of the frames
      [](Render& r) {
        r.chunk.pts = {100, 101, 102, 103};
      },  // another place in the film
      [](Render& r) {
        r.chunk.seek = {5, 5, 5};
      },
      [](Render& r) {
        r.chunk.corrections.assign(4, {1, 2, 3, 4});
      },  // nothing follows the camera
      [](Render& r) {
        r.chunk.maps["25"] = {0, 1};
      },  // another export's rate
      [](Render& r) { r.stage.source = "/elsewhere"; },
      [](Render& r) { r.source.codec = "hevc"; },  // frames say what was decoded
      [](Render& r) { r.builds["libx265"] = "two"; },
      [](Render& r) { r.builds["libzimg"] = "two"; },
      [](Render& r) { r.leaf.target = 3; },
  };
  auto const before = Render().key().hex();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Render render;
    changes[i](render);
    EXPECT_EQ(render.key().hex(), before) << i;
  }
}

TEST(ChunkKey, FollowsTheCameraWhereSomethingDoes) {
  Render still, moving;
  for (auto* render : {&still, &moving}) {
    render->graph.nodes.insert(render->graph.nodes.begin(), WarpNode{.id = "warp", .in = "source"});
    render->node<FilterNode>(1).in = "warp";
    render->chunk.corrections.assign(4, {});
  }
  moving.chunk.corrections[3].dx = 1;
  EXPECT_NE(still.key().hex(), moving.key().hex());
  moving.chunk.lead_out = still.chunk.lead_out = 1;  // a margin is not shown, and so not moved
  EXPECT_EQ(still.key().hex(), moving.key().hex());
}

// A render with captions, of which some lie in the chunk.
struct Captioned : Render {
  Captioned() {
    CaptionNode captions;
    captions.id = "a.3", captions.in = "a.fit", captions.size = 8;
    captions.fonts = {{{"/one.ttf", "1"}, 0}, {{"/two.ttf", "2"}, 0}};
    graph.nodes.insert(graph.nodes.begin() + 3, captions);
    node<EncodeNode>(4).in = "a.3";
    stage.nodes = graph.nodes;
    chunk.captions["a.3"] = {{1, 3, "hello"}};
  }
  CaptionNode& caption() { return std::get<CaptionNode>(stage.nodes[3]); }
};

TEST(ChunkKey, CoversTheCaptionsItShows) {
  std::vector<std::function<void(Captioned&)>> const changes{
      [](Captioned& r) { r.chunk.captions.clear(); },
      [](Captioned& r) { r.chunk.captions["a.3"][0].text = "hallo"; },
      [](Captioned& r) { r.chunk.captions["a.3"][0].to = 4; },
      [](Captioned& r) { r.chunk.captions["a.3"][0].at_top = true; },
      [](Captioned& r) {
        r.chunk.captions["a.3"][0].italic = {0, 2};
      },
      [](Captioned& r) {
        r.chunk.captions["a.3"][0].fonts = {0, 1};
      },
      [](Captioned& r) { r.caption().fonts[0].file.hash = "3"; },
      [](Captioned& r) { r.chunk.captions["a.3"].push_back({0, 1, "more"}); },
      [](Captioned& r) { r.node<CaptionNode>(3).size = 9; },
  };
  std::set<std::string> seen{Captioned().key().hex()};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Captioned render;
    changes[i](render);
    EXPECT_TRUE(seen.insert(render.key().hex()).second) << i;
  }
}

TEST(ChunkKey, DoesNotCoverFontsThatOtherCaptionsNeed) {
  Captioned other;
  other.caption().fonts[1].file.hash = "3";
  EXPECT_EQ(other.key().hex(), Captioned().key().hex());
  other.caption().fonts.push_back({{"/three.ttf", "4"}, 0});
  EXPECT_EQ(other.key().hex(), Captioned().key().hex());
}

TEST(ChunkKey, WithoutACaptionIsThatOfAFilmWithoutCaptions) {
  Captioned render;
  render.chunk.captions.clear();
  EXPECT_EQ(render.key().hex(), Render().key().hex());
}

TEST(Key, KeepsItsFieldsOnlyWhenAsked) {
  EXPECT_TRUE(Render().key().fields().empty());
  auto const key = Render().key(true);
  EXPECT_EQ(key.hex(), Render().key().hex());
  ASSERT_FALSE(key.fields().empty());
  EXPECT_EQ(key.fields().front(), (KeyField{"engine", "5"}));
}

TEST(Key, NamesAndValuesDoNotRunTogether) {
  EXPECT_NE(Key("x").add("ab", "c").hex(), Key("x").add("a", "bc").hex());
  EXPECT_NE(Key("x").add("a", 1).hex(), Key("x").add("a", "1").hex());
  EXPECT_NE(Key("x").hex(), Key("y").hex());
}

TEST(SoundKey, TellsItsLibrariesApart) {
  AudioStage stage;
  AudioEncode encode;
  auto const with = [&](Builds const& builds) { return sound_key(Key("audio"), stage, encode, builds).hex(); };
  EXPECT_NE(with({{"libavcodec", "1"}}), with({{"libavcodec", "2"}}));
  EXPECT_NE(with({{"processor", "avx2"}}), with({{"processor", "avx2 avx512f"}}));
  EXPECT_EQ(with({{"libopus", "1"}}), with({{"libopus", "2"}}));
  encode.codec = "opus";
  EXPECT_NE(with({{"libopus", "1"}}), with({{"libopus", "2"}}));
}

MadeOf made_of(std::function<void(Render&)> const& change, std::size_t only = 99) {
  MadeOf made;
  made.stages.push_back({"source", {{"size", "1"}}});
  made.stages.push_back({"analysis", {{"motion", "0"}}});
  for (std::size_t i = 0; i < 3; ++i) {
    Render render;
    render.checksums.front() = 100 + i;
    if (i == only || only == 99) change(render);
    made.add_chunk(render.key(true));
  }
  made.stages.push_back({"join", {{"container", "mp4"}}});
  return made;
}

TEST(Differences, NameWhatChangedAndHowOften) {
  auto const before = made_of([](Render&) {});
  EXPECT_TRUE(differences(before, before).empty());
  auto const graded = differences(before, made_of([](Render& r) { r.node<FilterNode>(0).options["contrast"] = "1.2"; }));
  ASSERT_EQ(graded.size(), 1u);
  EXPECT_EQ(graded[0].stage, "render");
  EXPECT_EQ(graded[0].field, "filter eq contrast");
  EXPECT_EQ(graded[0].before + " " + graded[0].now, "1.1 1.2");
  EXPECT_EQ(graded[0].chunks, 3u);
  EXPECT_EQ(graded[0].of, 3u);
  auto const one = differences(before, made_of([](Render& r) { r.chunk.maps["30"][3] = 2; }, 1));
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].field, "frames shown");
  EXPECT_EQ(one[0].chunks, 1u);
}

TEST(Differences, ComeInTheOrderOfTheWork) {
  auto const before = made_of([](Render&) {});
  auto after = made_of([](Render& r) { r.checksums[3] = 7; }, 0);
  after.stages.back().fields[0].value = "mov";
  after.stages.front().fields[0].value = "2";  // the file is another, its content is known
  auto const found = differences(before, after);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].field, "frames");
  EXPECT_EQ(found[1].stage, "join");
  after.stages.resize(1);
  after.chunks.clear();
  ASSERT_EQ(differences(before, after).size(), 1u);
  EXPECT_EQ(differences(before, after)[0].stage, "source");
}

TEST(Differences, SayWhatWasAddedAndLeftOut) {
  auto const before = made_of([](Render&) {});
  auto const without = made_of([](Render& r) {
    r.node<FadeNode>(1).in = "source";
    r.graph.nodes.erase(r.graph.nodes.begin());
  });
  auto const lost = differences(before, without), found = differences(without, before);
  ASSERT_FALSE(lost.empty() || found.empty());
  EXPECT_TRUE(std::any_of(lost.begin(), lost.end(), [](auto const& it) { return it.now.empty(); }));
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](auto const& it) { return it.before.empty(); }));
}

TEST(MadeOf, ComesBackFromItsText) {
  auto const made = made_of([](Render& r) { r.chunk.weights["a.2"] = {0, 0, 1, 1}; }, 1);
  auto const back = made_of_json(Json::parse(json_of(made).dump()));
  EXPECT_EQ(json_of(back), json_of(made));
  EXPECT_TRUE(differences(made, back).empty());
  EXPECT_EQ(made.forms.size(), 2u);
  for (auto const* text :
       {"{}", "[]", "null", R"({"stages":{"a":1},"forms":[],"chunks":[]})", R"({"stages":{},"forms":[],"chunks":[["k",7,[]]]})"})
    EXPECT_TRUE(made_of_json(Json::parse(text)).chunks.empty()) << text;
}

}  // namespace
}  // namespace reelmill
