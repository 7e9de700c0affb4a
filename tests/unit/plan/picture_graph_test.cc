// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/picture_graph.h"

#include <cstdlib>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "graph/codecs.h"
#include "plan/conform.h"
#include "plan/encoders.h"
#include "plan/plan.h"
#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

Export target(std::string name, int width, int height, std::int64_t ceiling) {
  Export out;
  out.name = std::move(name);
  out.width = width, out.height = height, out.ceiling = ceiling;
  return out;
}

// Twins a and b differ in the ceiling only, c in size, d in the preset, e in nothing from a.
Project project() {
  Project out;
  out.name = "test";
  out.exports = {target("a", 1280, 720, 5'000'000), target("b", 1280, 720, 2'000'000), target("c", 1080, 1920, 5'000'000),
                 target("d", 1280, 720, 5'000'000), target("e", 1280, 720, 5'000'000)};
  out.exports[3].preset = "slow";
  return out;
}

VideoStreamInfo source() {
  VideoStreamInfo info;
  info.stream = 0;
  info.codec = "h264", info.pixel_format = "yuv420p";
  info.width = 1920, info.height = 1080;
  info.time_base = Rational(1, 15360);
  info.primaries = info.transfer = info.matrix = "bt709";
  return info;
}

std::vector<VideoNode> steps() { return {WarpNode{"", "", "mirror"}, FilterNode{"", "", "eq", {{"contrast", "1.1"}}}}; }

PictureGraph lowered() { return *lower_picture(project(), source(), {steps()}); }

template <class Node>
std::size_t count(std::vector<VideoNode> const& nodes) {
  std::size_t n = 0;
  for (auto const& node : nodes) n += std::holds_alternative<Node>(node);
  return n;
}

// Every `in` comes before its reader, and every leaf is an encode with that variant.
void expect_sound(PictureGraph const& graph) {
  std::set<std::string> seen{"source"};
  for (auto const& node : graph.nodes)
    std::visit(
        [&](auto const& n) {
          EXPECT_TRUE(seen.contains(n.in)) << n.id << " reads " << n.in;
          EXPECT_TRUE(seen.insert(n.id).second) << n.id;
        },
        node);
  for (std::size_t i = 0; i < graph.leaves.size(); ++i) {
    EXPECT_EQ(graph.leaves[i].target, i);
    EXPECT_LT(static_cast<std::size_t>(graph.leaves[i].variant), encode_named(graph, graph.leaves[i].node).variants.size());
  }
}

TEST(PictureGraph, LoweringSharesNothing) {
  auto const graph = lowered();
  expect_sound(graph);
  EXPECT_EQ(count<WarpNode>(graph.nodes), 5u);
  EXPECT_EQ(count<FilterNode>(graph.nodes), 5u);
  EXPECT_EQ(count<FitNode>(graph.nodes), 5u);
  EXPECT_EQ(count<EncodeNode>(graph.nodes), 5u);
}

TEST(PictureGraph, CommonStepsAreDoneOnce) {
  auto const before = lowered();
  auto const graph = pass_common(before);
  expect_sound(graph);
  EXPECT_EQ(count<WarpNode>(graph.nodes), 1u);
  EXPECT_EQ(count<FilterNode>(graph.nodes), 1u);
  EXPECT_EQ(count<FitNode>(graph.nodes), 2u);
  EXPECT_EQ(count<EncodeNode>(graph.nodes), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(text_of(graph, graph.leaves[i].node), text_of(before, before.leaves[i].node));
}

TEST(PictureGraph, TwinsBecomeVariants) {
  auto const graph = pass_share(pass_common(lowered()));
  expect_sound(graph);
  EXPECT_EQ(count<EncodeNode>(graph.nodes), 3u);
  auto const& leaves = graph.leaves;
  EXPECT_EQ(leaves[0].node, leaves[1].node);
  EXPECT_NE(leaves[0].variant, leaves[1].variant);
  EXPECT_NE(leaves[0].node, leaves[2].node);  // another size
  EXPECT_NE(leaves[0].node, leaves[3].node);  // another preset
  EXPECT_EQ(leaves[0].node, leaves[4].node);
  EXPECT_EQ(leaves[0].variant, leaves[4].variant);
  auto const& variants = encode_named(graph, leaves[0].node).variants;
  ASSERT_EQ(variants.size(), 2u);
  EXPECT_EQ(variants[static_cast<std::size_t>(leaves[0].variant)].ceiling, 5'000'000);
  EXPECT_EQ(variants[static_cast<std::size_t>(leaves[1].variant)].ceiling, 2'000'000);
}

TEST(PictureGraph, SharingDoesNotNeedCommon) {
  auto const graph = pass_share(lowered());
  expect_sound(graph);
  EXPECT_EQ(count<EncodeNode>(graph.nodes), 3u);
}

TEST(PictureGraph, ACeilingThatAsksForAnotherLevelIsNoTwin) {
  auto with_two = project();
  with_two.exports = {target("a", 1280, 720, 5'000'000), target("b", 1280, 720, 50'000'000)};
  auto const graph = pass_share(pass_common(*lower_picture(with_two, source(), {})));
  EXPECT_EQ(count<EncodeNode>(graph.nodes), 2u);
}

TEST(PictureGraph, TheTextHoldsEverySettingOfEveryNodeBefore) {
  std::set<std::string> texts;
  int made = 0;
  auto const add = [&](PictureGraph const& graph) {
    ++made;
    texts.insert(text_of(graph, "x"));
  };
  EncodeNode plain;
  plain.id = "x", plain.in = "s";
  plain.width = 1280, plain.height = 720;
  PictureGraph const base{{WarpNode{"w", "source", "mirror"}, FilterNode{"f", "w", "eq", {{"contrast", "1.1"}}},
                           FitNode{"s", "f", "pad", 1280, 720}, plain},
                          {}};
  add(base);
  auto const change = [&](std::size_t at, auto how) {
    auto graph = base;
    std::visit([&](auto& node) { how(node); }, graph.nodes[at]);
    add(graph);
  };
  auto const warp = [&](auto how) {
    change(0, [&](auto& n) {
      if constexpr (requires { n.border; }) how(n);
    });
  };
  auto const filter = [&](auto how) {
    change(1, [&](auto& n) {
      if constexpr (requires { n.options; }) how(n);
    });
  };
  auto const fit = [&](auto how) {
    change(2, [&](auto& n) {
      if constexpr (requires { n.fit; }) how(n);
    });
  };
  auto const encode = [&](auto how) {
    change(3, [&](auto& n) {
      if constexpr (requires { n.codec; }) how(n);
    });
  };
  warp([](auto& n) { n.border = "black"; });
  filter([](auto& n) { n.filter = "hue"; });
  filter([](auto& n) { n.options["contrast"] = "1.2"; });
  filter([](auto& n) { n.options["gamma"] = "1"; });
  fit([](auto& n) { n.fit = "crop"; });
  fit([](auto& n) { n.width = 1282; });
  fit([](auto& n) { n.height = 722; });
  encode([](auto& n) { n.codec = "h265"; });
  encode([](auto& n) { n.preset = "slow"; });
  encode([](auto& n) { n.profile = "main"; });
  encode([](auto& n) { n.pixel_format = "yuv422p"; });
  encode([](auto& n) { n.level = 41; });
  encode([](auto& n) { n.references = 4; });
  encode([](auto& n) { n.b_frames = 2; });
  encode([](auto& n) { n.reorder = 1; });
  encode([](auto& n) { n.crf = 23.000001; });
  encode([](auto& n) { n.rate = Rational(30000, 1001); });
  encode([](auto& n) { n.width = 1282; });
  encode([](auto& n) { n.height = 722; });
  encode([](auto& n) { n.primaries = "bt2020"; });
  encode([](auto& n) { n.transfer = "bt2020"; });
  encode([](auto& n) { n.matrix = "bt2020"; });
  encode([](auto& n) { n.range = "pc"; });
  EXPECT_EQ(static_cast<int>(texts.size()), made);

  // Names and ceilings are no settings.
  auto renamed = base;
  std::get<FitNode>(renamed.nodes[2]).id = std::get<EncodeNode>(renamed.nodes[3]).in = "other";
  std::get<EncodeNode>(renamed.nodes[3]).variants.push_back({1});
  EXPECT_EQ(text_of(renamed, "x"), text_of(base, "x"));
}

TEST(PictureGraph, WhatIsDrawnStandsAfterTheFit) {
  PictureSteps drawn{steps()};
  drawn.nodes.push_back(TitleNode{});
  drawn.nodes.push_back(FadeNode{});
  drawn.drawn = 2;
  drawn.timings = {{2, Envelope{.from = 1, .to = 2}}, {3, Envelope{.fade_in = 1, .inverted = true}}};
  auto const graph = pass_share(pass_common(*lower_picture(project(), source(), drawn)));
  expect_sound(graph);
  EXPECT_EQ(count<FilterNode>(graph.nodes), 1u);
  EXPECT_EQ(count<FitNode>(graph.nodes), 2u);
  EXPECT_EQ(count<TitleNode>(graph.nodes), 2u);  // one for each size
  for (auto const& node : graph.nodes) {
    auto const* title = std::get_if<TitleNode>(&node);
    if (!title) continue;
    EXPECT_TRUE(title->in.ends_with(".fit"));
    EXPECT_EQ(title->matrix, "bt709");
    EXPECT_EQ(graph.timings.at(title->id).from, 1);
  }
}

TEST(PictureGraph, IdleNodesLeaveNoText) {
  PictureGraph const graph{
      {FilterNode{"f", "source", "eq", {}}, FadeNode{"fade", "f", "#000000", ""}, FitNode{"s", "fade", "pad", 2, 2}}, {}};
  PictureGraph const without{{FilterNode{"f", "source", "eq", {}}, FitNode{"s", "f", "pad", 2, 2}}, {}};
  EXPECT_NE(text_of(graph, "s"), text_of(without, "s"));
  EXPECT_EQ(chain_of(graph, "fade"), (std::set<std::string>{"f", "fade"}));
}

TEST(PictureGraph, KnowsWhatDependsOnTheCamera) {
  auto const graph = pass_share(pass_common(lowered()));
  for (auto const& leaf : graph.leaves) EXPECT_TRUE(depends_on_warp(graph, leaf.node));
  auto const plain = *lower_picture(project(), source(), {});
  for (auto const& leaf : plain.leaves) EXPECT_FALSE(depends_on_warp(plain, leaf.node));
}

TEST(PictureGraph, WhatCannotBeEncodedIsSaid) {
  auto odd = project();
  odd.exports[2].preset = "leisurely";
  auto const preset = lower_picture(odd, source(), {});
  ASSERT_FALSE(preset);
  EXPECT_NE(preset.error().what.find("'c'"), std::string::npos);
  auto large = project();
  large.exports[1].width = 16384, large.exports[1].height = 8640;
  for (auto const* const codec : {"h264", "h265"}) {
    large.exports[1].video_codec = codec;
    auto const size = lower_picture(large, source(), {});
    ASSERT_FALSE(size) << codec;
    EXPECT_EQ(size.error().kind, ErrorKind::project);
    EXPECT_NE(size.error().what.find("'b'"), std::string::npos);
  }
}

TEST(PictureGraph, EveryCodecAndSpeedHasItsEncode) {
  constexpr std::array<std::string_view, 1> none{};
  for (auto const& codec : video_codecs())
    for (auto const speed : codec.has_speeds ? encoder_speeds() : Names(none)) {
      auto one = project();
      one.exports.resize(1);
      auto& made = one.exports.front();
      made.video_codec = codec.name, made.preset = speed, made.crf = codec.usual_crf;
      made.profile = codec.profiles.empty() ? "" : codec.profiles.front();
      if (!codec.has_crf()) made.ceiling = 0;
      auto const graph = lower_picture(one, source(), {});
      ASSERT_TRUE(graph) << codec.name << " " << speed << ": " << graph.error().what;
      auto const& node = encode_named(*graph, graph->leaves.front().node);
      EXPECT_EQ(node.pixel_format, codec.pixel_format);
      EXPECT_EQ(node.reorder, reorder_of(made));
      EXPECT_LE(node.reorder, node.b_frames);
      EXPECT_GT(encoder_seconds(node), 0);
      EXPECT_GT(encoder_memory(node), 50 << 20);
      EXPECT_EQ(text_of(node).find("  "), std::string::npos) << text_of(node);
    }
}

TEST(PictureGraph, UntaggedColoursGoBySize) {
  auto info = source();
  info.primaries = info.transfer = info.matrix = "unknown";
  EXPECT_EQ(colours_of(info).matrix, "bt709");
  info.width = 720, info.height = 576;
  EXPECT_EQ(colours_of(info).matrix, "smpte170m");
  info.matrix = "bt470bg";
  EXPECT_EQ(colours_of(info).matrix, "bt470bg");
}

// What earlier runs found, made up: an index and an analysis for every key that asks for one.
class PlanOfAFilm : public InTemporaryFolder {
 protected:
  void SetUp() override {
    std::ofstream(folder_ / "film.mp4") << std::string_view(
        "\0\0\0\x18"
        "ftypisom not read",
        21);
    SourceIndex index;
    index.duration = 10;
    index.identity = "identity";
    index.video = {source()};
    SourceAnalysis analysis;
    for (int i = 0; i < 300; ++i) {
      index.packets.push_back(
          {i * 512, i * 512, 512, 100, i % 60 ? Access::none : Access::closed, false, static_cast<std::uint64_t>(i)});
      analysis.pts.push_back(i * 512);
      analysis.checksum.push_back(static_cast<std::uint64_t>(i) + 1000);
    }
    analysis.end = 300 * 512;
    index_ = Json{{"index", index}};
    analysis_ = Json{{"analysis", analysis}};
  }
  SourcePlan plan(Project const& wanted, PlanOptions const& options = {}) {
    while (true) {
      Known const known{[&](std::string const& key) { return results_.contains(key); },
                        [&](std::string const& key) -> Result<Json> {
                          if (auto const found = results_.find(key); found != results_.end()) return found->second;
                          return Error{ErrorKind::failed, "there is no such result"};
                        },
                        [&](std::string const& key, std::string_view file) { return folder_ / key / file; }};
      auto planned = plan_source(wanted, folder_ / "film.mp4", known, options);
      EXPECT_TRUE(planned) << planned.error().text();
      auto const& first = *std::find_if(planned->stages.begin(), planned->stages.end(),
                                        [](auto const& stage) { return stage.state != StageState::cached; });
      if (first.walk == "index")
        results_[first.keys.at(0)] = index_;
      else if (first.walk == "analysis")
        results_[first.keys.at(0)] = analysis_;
      else
        return *planned;
    }
  }
  VideoStage render(Project const& wanted, PlanOptions const& options = {}) {
    for (auto const& stage : plan(wanted, options).stages)
      if (stage.walk == "video") return std::get<VideoStage>(*stage.stage);
    ADD_FAILURE() << "no render";
    return {};
  }
  static std::set<std::string> keys_of(VideoStage const& stage) {
    std::set<std::string> keys;
    for (auto const& chunk : stage.chunks)
      for (auto const& unit : chunk.wanted) keys.insert(unit.key);
    return keys;
  }

  Json index_, analysis_;
  std::map<std::string, Json> results_;
};

TEST_F(PlanOfAFilm, PassesCanBeSwitchedOff) {
  auto const all = render(project());
  EXPECT_EQ(count<FitNode>(all.nodes), 2u);
  EXPECT_EQ(count<EncodeNode>(all.nodes), 3u);
  auto const unshared = render(project(), {.without = {"share"}});
  EXPECT_EQ(count<FitNode>(unshared.nodes), 2u);
  EXPECT_EQ(count<EncodeNode>(unshared.nodes), 5u);
  auto const uncommon = render(project(), {.without = {"common"}});
  EXPECT_EQ(count<FitNode>(uncommon.nodes), 5u);
  EXPECT_EQ(count<EncodeNode>(uncommon.nodes), 3u);
  auto const neither = render(project(), {.without = {"common", "share"}});
  EXPECT_EQ(count<FitNode>(neither.nodes), 5u);
  EXPECT_EQ(count<EncodeNode>(neither.nodes), 5u);
  for (auto const name : switchable_passes()) EXPECT_TRUE(name == "common" || name == "copy" || name == "share");
  EXPECT_EQ(switchable_passes().size(), 3u);
}

TEST_F(PlanOfAFilm, PassesChangeNoKey) {
  auto const keys = keys_of(render(project()));
  EXPECT_FALSE(keys.empty());
  EXPECT_EQ(keys_of(render(project(), {.without = {"common", "share"}})), keys);
}

TEST_F(PlanOfAFilm, TheChunksShowEveryFrameOnce) {
  std::vector<std::int64_t> pts;
  std::size_t frames = 0;
  for (auto const& chunk : render(project()).chunks) {
    pts.insert(pts.end(), chunk.pts.begin(), chunk.pts.end());
    frames += chunk.maps.at("30").size();
    EXPECT_EQ(chunk.first_checksum, static_cast<std::uint64_t>(chunk.pts.front() / 512 + 1000));
    EXPECT_EQ(chunk.last_checksum, static_cast<std::uint64_t>(chunk.pts.back() / 512 + 1000));
  }
  ASSERT_EQ(pts.size(), 300u);
  for (std::size_t i = 0; i < pts.size(); ++i) EXPECT_EQ(pts[i], static_cast<std::int64_t>(i) * 512);
  EXPECT_EQ(frames, 300u);
}

TEST_F(PlanOfAFilm, WhatIsThereIsNotMadeAgain) {
  auto const before = render(project());
  ASSERT_GE(before.chunks.size(), 2u);
  auto const lost = before.chunks.at(1).wanted.at(0).key;
  for (auto const& key : keys_of(before))
    if (key != lost)
      results_[key] = Json{{"packets", "video.packets"}, {"payload_hash", "1"}, {"extradata_hash", "2"}, {"frames", 120}};
  auto const after = render(project());
  ASSERT_EQ(after.chunks.size(), 1u);
  ASSERT_EQ(after.chunks[0].wanted.size(), 1u);
  EXPECT_EQ(after.chunks[0].wanted[0].key, lost);
}

TEST_F(PlanOfAFilm, ASettingChangesTheKeysOfItsExportsOnly) {
  auto other = project();
  other.exports[2].crf = 20;
  auto const before = keys_of(render(project())), after = keys_of(render(other));
  std::size_t same = 0;
  for (auto const& key : after) same += before.contains(key);
  EXPECT_EQ(after.size(), before.size());
  EXPECT_EQ(same * 4, before.size() * 3);  // a, b, d stay; e is a
}

TEST_F(PlanOfAFilm, OneFrameElseChangesTheKeysOfItsChunkOnly) {
  auto const before = render(project());
  auto analysis = analysis_["analysis"].get<SourceAnalysis>();
  analysis.checksum[5] ^= 1;
  analysis_ = Json{{"analysis", analysis}};
  results_.clear();
  auto const after = render(project());
  ASSERT_EQ(after.chunks.size(), before.chunks.size());
  for (std::size_t c = 0; c < after.chunks.size(); ++c)
    for (std::size_t u = 0; u < after.chunks[c].wanted.size(); ++u)
      EXPECT_EQ(after.chunks[c].wanted[u].key == before.chunks[c].wanted[u].key, c > 0);
}

TEST_F(PlanOfAFilm, AChangedTitleChangesOnlyTheChunksThatShowIt) {
  auto with_title = [&](std::string const& text, double from, double to) {
    auto out = project();
    out.exports.resize(1);
    auto const* const operation = operation_named("title");
    Step step{operation, operation->defaults(), 1};
    for (auto const& param : operation->params) {
      if (param.name == "text") param.write(step.options, text);
      if (param.name == "from") param.write(step.options, from);
      if (param.name == "to") param.write(step.options, to);
    }
    out.video = {step};
    return render(out).chunks;
  };
  auto without = project();
  without.exports.resize(1);
  auto const plain = render(without).chunks;
  auto const one = with_title("one", 1, 1.5), two = with_title("two", 1, 1.5);
  ASSERT_GE(plain.size(), 2u);
  ASSERT_EQ(one.size(), plain.size());
  for (std::size_t c = 0; c < plain.size(); ++c) {
    bool const shows = !one[c].weights.empty();
    EXPECT_EQ(shows, c == 0) << c;
    EXPECT_EQ(one[c].wanted[0].key == two[c].wanted[0].key, !shows) << c;
    EXPECT_EQ(one[c].wanted[0].key == plain[c].wanted[0].key, !shows) << c;
  }
  auto const later = with_title("one", 1.1, 1.5);
  EXPECT_NE(later[0].wanted[0].key, one[0].wanted[0].key);
  EXPECT_EQ(later[1].wanted[0].key, one[1].wanted[0].key);
}

TEST_F(PlanOfAFilm, SpeedShortensPictureAndSound) {
  auto fast = project();
  fast.exports.resize(1);
  auto const* const operation = operation_named("speed");
  Step step{operation, operation->defaults(), 1};
  operation->params[0].write(step.options, 2.5);
  fast.video = {step};
  std::size_t frames = 0;
  for (auto const& chunk : render(fast).chunks) frames += chunk.maps.at("30").size();
  EXPECT_EQ(frames, 120u);
}

}  // namespace
}  // namespace reelmill
