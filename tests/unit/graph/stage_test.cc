// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/stage.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

constexpr std::uint64_t big = 0xfedcba9876543210;

VideoStage full_video() {
  VideoStage stage{"/films/a \"b\" ü.mp4", 2, 1918, 1080, {}, {}, {}};
  stage.prefilters = {{"bwdif", {{"mode", "send_frame"}, {"parity", "bff"}}, 1, 2}, {"hqdn3d", {}, 5, 0}};
  stage.nodes = {WarpNode{"w", "source", "black"}, FilterNode{"g", "w", "eq", {{"brightness", "0.05"}, {"contrast", "1.1"}}},
                 FitNode{"f", "g", "blur", 1080, 1920},
                 EncodeNode{.id = "e",
                            .in = "f",
                            .codec = "hevc",
                            .preset = "slow",
                            .profile = "main",
                            .pixel_format = "yuv420p10le",
                            .level = 41,
                            .references = 4,
                            .b_frames = 2,
                            .reorder = 1,
                            .crf = 17.3,
                            .rate = Rational(30000, 1001),
                            .width = 1080,
                            .height = 1920,
                            .primaries = "bt709",
                            .transfer = "bt470bg",
                            .matrix = "smpte170m",
                            .range = "tv",
                            .variants = {{8'000'000'000}, {0}}}};
  VideoChunk chunk;
  chunk.seek = {-512, -1024, big};
  chunk.pts = {-512, 0, 512, 1024, 1600};
  chunk.lead_in = 1;
  chunk.lead_out = 2;
  chunk.first_checksum = big;
  chunk.last_checksum = 1;
  chunk.corrections = {{1, -2, 3, 4}, {-5, 6, -7, 8}, {}, {INT32_MAX, INT32_MIN, 0, 1}, {}};
  chunk.maps = {{"30", {1, 1, 2, 2, 2}}, {"24", {}}};
  chunk.wanted = {{"e", 1, "k1"}, {"e", 0, "k2"}};
  stage.chunks = {chunk, VideoChunk{}};
  return stage;
}

AudioStage full_audio() {
  AudioStage stage{"a.wav", 1, Rational(-1, 3), Rational(7, 2), 44100, 1, {0.5, 0.25, 0.125, false, "left"}, {}, {}, Rational(1), {},
                   {},      {}, {}};
  stage.filters = {{"highpass", {{"frequency", "200"}}}, {"afftdn", {}}};
  stage.pieces = {{Rational(1, 3), 2, Rational(-1, 7), Rational(1000001, 1000000)}, {3, 4, 5, 1}};
  stage.beds = {{{"/music.flac", "abc"}, 1, -12.5, 0.25, 7, 0.5, 1.5, false, 9, -42}, {{"/b.wav", "d"}, 2}};
  stage.encodes = {{"aac", 256000, 44100, 1, -12, "ka"}, {"opus", 96000, 48000, 2, 2048, "kb"}};
  stage.loudness = Loudness{"dynamic", -23, -1, 7.5, 0.5};
  stage.measure = "kl";
  return stage;
}

MuxStage full_mux() {
  MuxStage stage{"km", "mov", "x_youtube.mp4", Rational(24), Rational(1, 90000), 1, false, {}, {}, {}, {}};
  stage.video = {{"/cache/1", "abc", 120}, {"/cache/2", "def", 7}};
  stage.audio = {{"/cache/3", "ghi", 0}};
  stage.metadata = {{"title", "A\nB"}};
  stage.captions = TextTrack{"pt-BR", {{10, 2000, "one\ntwo"}, {2500, 3000, "três"}}};
  return stage;
}

TranscriptStage full_transcript() {
  return {"kt", {"/in.mp4", 2, Rational(-1, 3)}, {"/models/ggml-base.bin", "m"}, {"/models/voice.bin", "v"}, "de", true, "Names", 3};
}

VideoStage captioned() {
  VideoStage stage;
  CaptionNode node{"c", "source", {{{"/a.ttf", "fa"}, 0}, {{"/b.ttc", "fb"}, 2}}, true, 8.5, 7, "#010203", "#040506", 4, "bt709"};
  stage.nodes = {node};
  VideoChunk chunk;
  chunk.pts = {0, 1, 2, 3};
  chunk.captions["c"] = {{1, 3, "one\ntwo", true, {0, 3}, {0, 1}}};
  stage.chunks = {chunk};
  return stage;
}

std::vector<Stage> full_stages() {
  return {IndexStage{"ki", "/in.mp4"},
          AnalysisStage{"kn", "/in.mp4", 3, true, 7, 9, {{-1, -2, big}, {5, 4, 3}}},
          full_video(),
          full_audio(),
          CopyStage{"kc", "/in.mp4", 1, "id", -512, 700},
          full_mux(),
          SyncStage{"ks", {"/in.mp4", 1, Rational(1, 4)}, {"/other.wav", 0, Rational(0)}},
          full_transcript()};
}

TEST(Stage, EveryFieldRoundTrips) {
  for (auto const& stage : full_stages()) {
    auto const text = stage_text(stage);
    auto const back = parse_stage(text);
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(stage_text(*back), text);
    EXPECT_EQ(back->index(), stage.index());
  }
}

// The text comparison above cannot see a field that is never written, so look at the values too.
TEST(Stage, VideoValuesSurvive) {
  auto const back = parse_stage(stage_text(full_video()));
  ASSERT_TRUE(back) << back.error().text();
  auto const& video = std::get<VideoStage>(*back);
  auto const wanted = full_video();
  EXPECT_EQ(video.source, wanted.source);
  EXPECT_EQ(video.stream, 2);
  EXPECT_EQ(video.width, 1918);
  EXPECT_EQ(video.height, 1080);
  EXPECT_EQ(video.prefilters, wanted.prefilters);
  ASSERT_EQ(video.nodes.size(), 4u);
  EXPECT_EQ(std::get<WarpNode>(video.nodes[0]).border, "black");
  EXPECT_EQ(std::get<FilterNode>(video.nodes[1]).options.at("contrast"), "1.1");
  EXPECT_EQ(std::get<FitNode>(video.nodes[2]).height, 1920);
  auto const& encode = std::get<EncodeNode>(video.nodes[3]);
  EXPECT_EQ(encode.codec, "hevc");
  EXPECT_EQ(encode.preset, "slow");
  EXPECT_EQ(encode.profile, "main");
  EXPECT_EQ(encode.pixel_format, "yuv420p10le");
  EXPECT_EQ(encode.level, 41);
  EXPECT_EQ(encode.references, 4);
  EXPECT_EQ(encode.b_frames, 2);
  EXPECT_EQ(encode.reorder, 1);
  EXPECT_EQ(encode.crf, 17.3);
  EXPECT_EQ(encode.rate, Rational(30000, 1001));
  EXPECT_EQ(encode.width, 1080);
  EXPECT_EQ(encode.transfer, "bt470bg");
  EXPECT_EQ(encode.matrix, "smpte170m");
  EXPECT_EQ(encode.variants.at(0).ceiling, 8'000'000'000);
  auto const& chunk = video.chunks.at(0);
  EXPECT_EQ(chunk.seek.hash, big);
  EXPECT_EQ(chunk.seek.dts, -1024);
  EXPECT_EQ(chunk.pts, wanted.chunks[0].pts);
  EXPECT_EQ(chunk.first_shown(), 1u);
  EXPECT_EQ(chunk.end_shown(), 3u);
  EXPECT_EQ(chunk.shown(), 2u);
  EXPECT_EQ(chunk.first_checksum, big);
  EXPECT_EQ(chunk.corrections, wanted.chunks[0].corrections);
  EXPECT_EQ(chunk.maps, wanted.chunks[0].maps);
  EXPECT_EQ(chunk.wanted.at(0).variant, 1);
}

TEST(Stage, CaptionsSurvive) {
  auto const back = parse_stage(stage_text(captioned()));
  ASSERT_TRUE(back) << back.error().text();
  auto const& video = std::get<VideoStage>(*back);
  auto const& node = std::get<CaptionNode>(video.nodes.at(0));
  EXPECT_EQ(node.fonts.at(1).file.hash, "fb");
  EXPECT_EQ(node.fonts.at(1).face, 2);
  EXPECT_EQ(node.size, 8.5);
  EXPECT_EQ(node.outline_colour, "#040506");
  auto const& caption = video.chunks.at(0).captions.at("c").at(0);
  EXPECT_EQ(caption.text, "one\ntwo");
  EXPECT_EQ(caption.to, 3);
  EXPECT_TRUE(caption.at_top);
  EXPECT_EQ(caption.italic, (std::vector<std::int32_t>{0, 3}));
  EXPECT_EQ(caption.fonts, (std::vector<std::int32_t>{0, 1}));
  EXPECT_EQ(assets_of(*back), (std::vector<std::string>{"/a.ttf", "/b.ttc"}));
  auto idle = captioned();
  idle.chunks[0].captions.clear();
  EXPECT_TRUE(assets_of(idle).empty());
}

TEST(Stage, CaptionsOutsideOfTheirChunkOrFontsAreRefused) {
  auto late = captioned(), foreign = captioned();
  late.chunks[0].captions["c"][0].to = 5;
  EXPECT_FALSE(parse_stage(stage_text(late)));
  foreign.chunks[0].captions["c"][0].fonts = {2};
  EXPECT_FALSE(parse_stage(stage_text(foreign)));
}

TEST(Stage, TranscriptValuesSurvive) {
  auto const back = parse_stage(stage_text(full_transcript()));
  ASSERT_TRUE(back) << back.error().text();
  auto const& transcript = std::get<TranscriptStage>(*back);
  EXPECT_EQ(transcript.sound.start, Rational(-1, 3));
  EXPECT_EQ(transcript.model.hash, "m");
  EXPECT_TRUE(transcript.translate);
  EXPECT_EQ(transcript.prompt, "Names");
  EXPECT_EQ(source_of(*back), "/in.mp4");
  EXPECT_EQ(assets_of(*back), (std::vector<std::string>{"/models/ggml-base.bin", "/models/voice.bin"}));
}

TEST(Stage, AudioAndMuxValuesSurvive) {
  auto const audio = parse_stage(stage_text(full_audio()));
  ASSERT_TRUE(audio);
  EXPECT_EQ(std::get<AudioStage>(*audio).downmix, (Downmix{0.5, 0.25, 0.125, false, "left"}));
  EXPECT_EQ(std::get<AudioStage>(*audio).start, Rational(-1, 3));
  EXPECT_EQ(std::get<AudioStage>(*audio).encodes.at(0).lead, -12);
  EXPECT_EQ(std::get<AudioStage>(*audio).loudness, (Loudness{"dynamic", -23, -1, 7.5, 0.5}));
  EXPECT_EQ(unit_keys(*audio), (std::vector<std::string>{"ka", "kb", "kl"}));
  EXPECT_EQ(std::get<AudioStage>(*audio).pieces, full_audio().pieces);
  EXPECT_EQ(std::get<AudioStage>(*audio).filters.at(0).options.at("frequency"), "200");
  auto const mux = parse_stage(stage_text(full_mux()));
  ASSERT_TRUE(mux);
  EXPECT_FALSE(std::get<MuxStage>(*mux).edit_lists);
  EXPECT_EQ(std::get<MuxStage>(*mux).video.at(1).frames, 7);
  EXPECT_EQ(std::get<MuxStage>(*mux).metadata.at("title"), "A\nB");
}

TEST(Stage, NamesKeysAndSources) {
  std::vector<std::string_view> names;
  std::vector<std::vector<std::string>> keys;
  std::vector<std::string> sources;
  for (auto const& stage : full_stages()) {
    names.push_back(walk_name(stage));
    keys.push_back(unit_keys(stage));
    sources.push_back(source_of(stage));
  }
  EXPECT_EQ(names, (std::vector<std::string_view>{"index", "analysis", "video", "audio", "copy", "mux", "sync", "transcript"}));
  EXPECT_EQ(keys,
            (std::vector<std::vector<std::string>>{{"ki"}, {"kn"}, {"k1", "k2"}, {"ka", "kb", "kl"}, {"kc"}, {"km"}, {"ks"}, {"kt"}}));
  EXPECT_EQ(sources, (std::vector<std::string>{"/in.mp4", "/in.mp4", full_video().source, "a.wav", "/in.mp4", "", "/in.mp4",
                                               "/in.mp4"}));
  EXPECT_EQ(other_source_of(full_stages().at(6)), "/other.wav");
  EXPECT_EQ(other_source_of(full_audio()), "");
}

TEST(Stage, LimitsTravelBesideTheWalk) {
  auto const back = parse_stage_file(stage_text(full_mux(), {1LL << 40, 2, 3}));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->limits.address_space, 1LL << 40);
  EXPECT_EQ(back->limits.file_size, 2);
  EXPECT_EQ(back->limits.cpu_seconds, 3);
  EXPECT_EQ(back->stage.index(), Stage(full_mux()).index());
  auto const without = parse_stage_file(R"({"stage":1,"walk":{"is":"index","key":"k","source":"s"}})");
  ASSERT_TRUE(without);
  EXPECT_EQ(without->limits.address_space, 0);
  EXPECT_FALSE(parse_stage_file(R"({"stage":1,"limits":{},"walk":{"is":"index","key":"k","source":"s"}})"));
}

// Every prefix and every single-character change of a real stage is either read or refused; nothing is thrown.
TEST(Stage, HostileTextsAreErrors) {
  for (auto const& stage : full_stages()) {
    auto const text = stage_text(stage);
    for (std::size_t cut = 0; cut + 2 < text.size(); cut += 3) EXPECT_FALSE(parse_stage(text.substr(0, cut)));
    for (std::size_t at = 0; at < text.size(); at += 2)
      for (char const c : {'9', '"', '-', '[', '\xff', '\0'}) {
        auto changed = text;
        changed[at] = c;
        EXPECT_NO_THROW((void)parse_stage(changed));
      }
  }
}

TEST(Stage, RefusesWhatDoesNotFit) {
  auto const refused = [](std::string_view text) {
    auto const stage = parse_stage(text);
    return stage ? std::string("accepted") : stage.error().text();
  };
  EXPECT_NE(refused(R"({"stage":2,"walk":{"is":"index","key":"k","source":"s"}})").find("version 2"), std::string::npos);
  EXPECT_NE(refused(R"({"stage":1,"walk":{"is":"dance"}})").find("unknown kind 'dance'"), std::string::npos);
  EXPECT_NE(refused(R"({"stage":1,"walk":{"is":"index","key":"k"}})").find("no field 'source'"), std::string::npos);
  EXPECT_NE(refused(R"({"stage":1,"walk":{"is":"index","key":7,"source":"s"}})").find("'key'"), std::string::npos);
  EXPECT_NE(refused(R"({"stage":1,"walk":{"is":"index","key":"../up","source":"s"}})").find("name of a folder"),
            std::string::npos);
  EXPECT_NE(refused(R"({"stage":1e3,"walk":null})").find("whole number"), std::string::npos);
  EXPECT_NE(refused(std::string(100'000, '[')), "accepted");
  auto audio = full_audio();
  audio.pieces[0].rate = 0;
  EXPECT_NE(refused(stage_text(audio)).find("runs backwards"), std::string::npos);
  auto video = full_video();
  video.chunks[0].maps["25"] = {99};
  EXPECT_NE(refused(stage_text(video)).find("outside the frames"), std::string::npos);
  video = full_video();
  video.chunks[0].maps["25"] = {0};  // a margin
  EXPECT_NE(refused(stage_text(video)).find("outside the frames"), std::string::npos);
  video = full_video();
  video.chunks[0].lead_in = 4;
  EXPECT_NE(refused(stage_text(video)).find("margins"), std::string::npos);
  auto mux = full_mux();
  mux.file = "../x.mp4";
  EXPECT_NE(refused(stage_text(mux)).find("name of a file"), std::string::npos);
}

}  // namespace
}  // namespace reelmill
