// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/sound.h"

#include <map>

#include <gtest/gtest.h>

#include "plan/lower.h"

namespace reelmill {
namespace {

AudioStreamInfo track(int stream, std::string language, bool decodable = true, bool preferred = false) {
  return {.stream = stream,
          .codec = "aac",
          .layout = "stereo",
          .language = std::move(language),
          .channels = 2,
          .sample_rate = 48000,
          .identity = "i" + std::to_string(stream),
          .decodable = decodable,
          .preferred = preferred};
}

SourceIndex index_of(std::vector<AudioStreamInfo> tracks) {
  SourceIndex index;
  index.audio = std::move(tracks);
  return index;
}

int chosen(SourceIndex const& index, std::string_view language = {}) {
  auto const* const best = chosen_track(index, language);
  return best == nullptr ? -1 : best->stream;
}

TEST(Sound, TheFirstThatCanBeDecodedOrTheFilesOwnChoice) {
  EXPECT_EQ(chosen(index_of({})), -1);
  EXPECT_EQ(chosen(index_of({track(1, "")})), 1);
  EXPECT_EQ(chosen(index_of({track(1, "", false), track(2, "")})), 2);
  EXPECT_EQ(chosen(index_of({track(1, "", false, true)})), -1);
  EXPECT_EQ(chosen(index_of({track(1, ""), track(2, "", true, true), track(3, "", true, true)})), 2);
}

TEST(Sound, ALanguageIsPreferredWhereThereIsOne) {
  auto const index =
      index_of({track(1, "ger", true, true), track(2, "eng"), track(3, "eng", true, true), track(4, "fra", false)});
  EXPECT_EQ(chosen(index), 1);
  EXPECT_EQ(chosen(index, "en"), 3);
  EXPECT_EQ(chosen(index, "de-AT"), 1);
  EXPECT_EQ(chosen(index, "fr"), 1);
  EXPECT_EQ(chosen(index, "und"), 1);
}

TEST(Sound, WhatIsNotUsedIsSaid) {
  Project project;
  EXPECT_TRUE(sound_notes(project, index_of({track(1, "eng")})).empty());
  auto notes = sound_notes(project, index_of({track(1, "eng", false), track(2, "deu")}));
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(
      notes[0],
      "the sound is stream 2 (aac, stereo, 48000 Hz, deu); not used: stream 1 (aac, stereo, 48000 Hz, eng), which cannot be "
      "decoded");
  project.normalize.language = "fr";
  notes = sound_notes(project, index_of({track(1, "eng")}));
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0], "no sound track in 'fr' can be used: stream 1 (aac, stereo, 48000 Hz, eng) is taken");
  notes = sound_notes(project, index_of({track(1, "eng", false)}));
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_TRUE(notes[0].starts_with("no sound: stream 1")) << notes[0];
}

Step step(std::string_view name, std::map<std::string_view, Value> const& values, int line) {
  auto const* const operation = operation_named(name, Track::audio);
  Step out{operation, operation->defaults(), line};
  for (auto const& param : operation->params)
    if (auto const value = values.find(param.name); value != values.end()) param.write(out.options, value->second);
  return out;
}

Export target(std::string name, bool edit_lists) {
  Export out;
  out.name = std::move(name);
  out.edit_lists = edit_lists;
  return out;
}

AudioStage stage_of(Project const& project, Rational duration = 10, Rational skipped = 0, Rational whole = 0) {
  auto const lowered = lower(project).value();
  return sound_stage(project, lowered, track(1, ""), {0, duration, skipped, std::max(whole, duration)}, sound_encodes(project, lowered.channels, true), Key("audio"),
                     {});
}

TEST(Sound, AFadeOutEndsWithTheFilm) {
  Project project;
  project.exports = {target("a", true)};
  project.audio = {step("fade", {{"in", 1.0}, {"out", 2.5}}, 3)};
  auto const& filters = stage_of(project).filters;
  ASSERT_EQ(filters.size(), 2u);
  EXPECT_FALSE(filters[0].options.contains("start_time"));
  EXPECT_EQ(filters[1].options.at("start_time"), "7.500000");
  EXPECT_EQ(filters[1].options.at("duration"), "2.500000");
  auto const part = stage_of(project, 2, Rational(17, 2), Rational(21, 2)).filters;
  EXPECT_EQ(part[0].filter, "volume") << "is over";
  EXPECT_EQ(part[1].options.at("start_time"), "0.000000");
  EXPECT_EQ(part[1].options.at("duration"), "2.000000") << "what is left of it";
  auto const none = stage_of(project, 2, 4, 20).filters;
  EXPECT_EQ(none[1].options.at("start_time"), "13.500000");
  auto const short_one = stage_of(project, 1).filters;
  EXPECT_EQ(short_one[1].options.at("start_time"), "0.000000");
  EXPECT_EQ(short_one[1].options.at("duration"), "1.000000");
}

TEST(Sound, TheKeyHoldsWhatChangesTheSamples) {
  Project project;
  project.exports = {target("a", true)};
  auto const key = [&] { return stage_of(project).encodes.at(0).key; };
  auto const plain = key();
  EXPECT_EQ(key(), plain);
  project.audio = {step("downmix", {}, 3)};
  EXPECT_EQ(key(), plain) << "the default in words";
  project.audio = {step("downmix", {{"lfe", 0.5}}, 3)};
  auto const rumbling = key();
  EXPECT_NE(rumbling, plain);
  project.audio = {step("downmix", {{"to", std::string("mono")}}, 3)};
  EXPECT_NE(key(), plain);
  EXPECT_EQ(stage_of(project).encodes.at(0).channels, 1);
  project.audio = {step("gate", {}, 3)};
  EXPECT_NE(key(), plain);
}

TEST(Sound, WithoutAPictureNothingIsWaitedFor) {
  Project project;
  project.exports = {target("listed", true), target("unlisted", false)};
  EXPECT_EQ(sound_encodes(project, 2, true).size(), 2u);
  auto const alone = sound_encodes(project, 2, false);
  ASSERT_EQ(alone.size(), 1u);
  EXPECT_EQ(alone[0].lead, 0);
}

std::string refusal(std::vector<Step> audio, int sample_rate = 48000) {
  Project project;
  project.normalize.sample_rate = sample_rate;
  project.audio = std::move(audio);
  auto const lowered = lower(project);
  return lowered ? "" : lowered.error().text();
}

TEST(Sound, MistakesNameTheirLine) {
  EXPECT_EQ(refusal({step("downmix", {}, 3), step("downmix", {}, 4)}),
            "line 4: downmix stands in the project twice; once is enough");
  EXPECT_EQ(refusal({step("gate", {}, 3), step("downmix", {}, 4)}),
            "line 4: downmix must come before the other sound operations");
  EXPECT_EQ(refusal({step("equalizer", {{"frequency", 11025.0}}, 5)}, 22050),
            "line 5: equalizer at 11025 Hz is not below half of the sample rate, 22050 Hz; lower it or raise 'normalize: "
            "sample_rate'");
  EXPECT_EQ(refusal({step("equalizer", {{"frequency", 11000.0}}, 5)}, 22050), "");
  EXPECT_EQ(refusal({step("loudness", {}, 3), step("gate", {}, 4)}),
            "line 4: gate: it would change the loudness that was measured; loudness must be the last of the sound operations");
}

TEST(Sound, LoudnessIsInTheKeyAndWhatDoesNotCountIsNot) {
  Project project;
  project.exports = {target("a", true)};
  auto const key = [&](std::map<std::string_view, Value> const& values) {
    project.audio = {step("loudness", values, 3)};
    return stage_of(project).encodes.at(0).key;
  };
  auto const usual = key({});
  EXPECT_NE(usual, key({{"integrated", -14.0}}));
  EXPECT_NE(usual, key({{"true_peak", -1.0}}));
  EXPECT_NE(usual, key({{"mode", "linear"}}));
  EXPECT_EQ(key({{"preset", "r128"}}), key({{"integrated", -23.0}, {"true_peak", -1.0}}));
  project.audio.clear();
  EXPECT_NE(usual, stage_of(project).encodes.at(0).key);
  EXPECT_TRUE(stage_of(project).measure.empty());
  project.measures = true;
  auto const measured = stage_of(project).measure;
  EXPECT_FALSE(measured.empty());
  project.audio = {step("loudness", {}, 3)};
  EXPECT_EQ(stage_of(project).measure, measured) << "it is measured before";
}

TEST(Sound, RateAndChannelsMayBeTheSources) {
  auto const settled = [](int sample_rate, int channels, std::string layout) {
    Project project;
    project.normalize.sample_rate = 0;
    project.audio = {step("downmix", {{"to", "source"}}, 3)};
    auto source = track(1, "");
    source.sample_rate = sample_rate;
    source.channels = channels;
    source.layout = std::move(layout);
    auto lowered = lower(project).value();
    EXPECT_TRUE(settle_sound(project, lowered, index_of({source})));
    return std::pair{project.normalize.sample_rate, lowered.channels};
  };
  EXPECT_EQ(settled(44100, 1, "mono"), std::pair(44100, 1));
  EXPECT_EQ(settled(50000, 2, "stereo"), std::pair(64000, 2));
  EXPECT_EQ(settled(192000, 6, "5.1(side)"), std::pair(96000, 6));
  EXPECT_EQ(settled(48000, 6, "hexagonal"), std::pair(48000, 2));
  EXPECT_EQ(settled(48000, 8, "7.1"), std::pair(48000, 2));
}

TEST(Sound, WhatDoesNotFitTheSourcesRateIsFoundThen) {
  Project project;
  project.normalize.sample_rate = 0;
  project.audio = {step("equalizer", {{"frequency", 12000.0}}, 5)};
  auto source = track(1, "");
  auto lowered = lower(project).value();
  EXPECT_TRUE(settle_sound(project, lowered, index_of({source})));
  project.normalize.sample_rate = 0;
  source.sample_rate = 22050;
  EXPECT_FALSE(settle_sound(project, lowered, index_of({source})));
}

TEST(Sound, MoreChannelsGetMoreBits) {
  Project project;
  auto wanted = target("a", true);
  EXPECT_EQ(sound_for(project, 2, wanted, true).bitrate, 192000);
  EXPECT_EQ(sound_for(project, 6, wanted, true).bitrate, 512000);
  wanted.audio_codec = "flac";
  wanted.audio_bitrate = 0;
  EXPECT_EQ(sound_for(project, 6, wanted, true).bitrate, 0);
}

}  // namespace
}  // namespace reelmill
