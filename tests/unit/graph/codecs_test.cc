// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/codecs.h"

#include <set>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

TEST(Codecs, NamesAreUniqueAndFound) {
  std::set<std::string_view> seen;
  for (auto const& codec : video_codecs()) {
    EXPECT_TRUE(seen.insert(codec.name).second) << codec.name;
    for (auto const also : codec.also) {
      EXPECT_TRUE(seen.insert(also).second) << also;
      EXPECT_EQ(video_codec_named(also), &codec);
    }
  }
  for (auto const& codec : audio_codecs()) EXPECT_EQ(audio_codec_named(codec.name), &codec);
  EXPECT_EQ(video_codec_named("cinepak"), nullptr);
  EXPECT_EQ(audio_codec_named(""), nullptr);
  EXPECT_EQ(container_named("avi"), nullptr);
}

TEST(Codecs, ContainersNameWhatThereIs) {
  for (auto const& container : containers()) {
    for (auto const name : container.video) EXPECT_NE(video_codec_named(name), nullptr) << name;
    for (auto const name : container.audio) EXPECT_NE(audio_codec_named(name), nullptr) << name;
    EXPECT_FALSE(container.audio.empty()) << container.name;
  }
  for (auto const& codec : video_codecs()) EXPECT_FALSE(containers_for(codec).empty()) << codec.name;
}

TEST(Codecs, OpusPrimesInProportionToTheRate) {
  EXPECT_EQ(priming_of(*audio_codec_named("opus"), 48000), 312);
  EXPECT_EQ(priming_of(*audio_codec_named("opus"), 24000), 156);
  EXPECT_EQ(priming_of(*audio_codec_named("aac"), 44100), 1024);
  EXPECT_EQ(priming_of(*audio_codec_named("flac"), 48000), 0);
}

// An instant lies at pts 0 of both tracks before placing, and the sound decodes `lead` samples late.
TEST(Placement, SoundMeetsPicture) {
  for (auto const& container : containers())
    for (auto const name : container.audio)
      for (bool const edit_lists : {true, false})
        for (int const reorder : {0, 2}) {
          auto const& codec = *audio_codec_named(name);
          auto const placed = placement_of(container, &codec, edit_lists, Rational(reorder, 25), 48000);
          auto const priming = Rational(priming_of(codec, 48000), 48000);
          bool const is_trimmed = (container.edit_lists && edit_lists) || (container.codec_delay && name == "opus");
          auto const heard = placed.sound_at + Rational(placed.lead, 48000);
          auto const first = placed.sound_at - priming;
          SCOPED_TRACE(std::string(container.name) + " " + std::string(name));
          if (is_trimmed && !container.edit_lists)
            EXPECT_EQ(heard - priming, placed.picture_at) << "players take the delay off";
          else
            EXPECT_EQ(heard, placed.picture_at);
          if (!(container.edit_lists && edit_lists)) {
            EXPECT_EQ(first, Rational(0)) << "nothing before zero";
          }
        }
}

TEST(Placement, WithoutSoundOnlyForbiddenEditListsMoveThePicture) {
  EXPECT_EQ(placement_of(*container_named("mkv"), nullptr, true, Rational(2, 25), 0).picture_at, Rational(0));
  EXPECT_EQ(placement_of(*container_named("mp4"), nullptr, true, Rational(2, 25), 0).picture_at, Rational(0));
  EXPECT_EQ(placement_of(*container_named("mp4"), nullptr, false, Rational(2, 25), 0).picture_at, Rational(2, 25));
}

}  // namespace
}  // namespace reelmill
