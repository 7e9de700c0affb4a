// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/caption_profiles.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

TEST(CaptionProfiles, AreShipped) {
  for (auto const* const name : {"netflix", "netflix_children", "bbc", "social"}) {
    auto const* const profile = shipped_caption_profile(name);
    ASSERT_NE(profile, nullptr) << name;
    EXPECT_FALSE(profile->description.empty());
    EXPECT_FALSE(shipped_caption_profile_text(name).empty());
  }
  auto netflix = *shipped_caption_profile("netflix");
  netflix.name = netflix.description = "";
  EXPECT_EQ(netflix, CaptionProfile{}) << "what holds where nobody says is Netflix's";
  EXPECT_EQ(shipped_caption_profile("netflix_children")->reading_speed, 17);
  EXPECT_EQ(shipped_caption_profile("none"), nullptr);
}

TEST(CaptionProfiles, AreReadWithUnits) {
  auto const profile =
      parse_caption_profile("line_length: 30\nshortest: 1 s\nlongest: 6500\ngap: 3 frames\nreading_speed: 15.5\n", "own.yaml");
  ASSERT_TRUE(profile) << profile.error().text();
  EXPECT_EQ(profile->name, "own");
  EXPECT_EQ(profile->line_length, 30);
  EXPECT_EQ(profile->lines, 2);
  EXPECT_EQ(profile->shortest, 1000);
  EXPECT_EQ(profile->longest, 6500);
  EXPECT_EQ(profile->gap_frames, 3);
  EXPECT_EQ(profile->reading_speed, 15.5);
}

TEST(CaptionProfiles, AllMistakesAreToldAtOnce) {
  auto const profile = parse_caption_profile("line_lenght: 30\nlines: 9\nshortest: 8 s\nlines: 2\n", "own.yaml");
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().kind, ErrorKind::project);
  for (auto const* const text :
       {"own.yaml:1:1: unknown key 'line_lenght'", "did you mean 'line_length'?", "own.yaml:2:8", "own.yaml:4:1", "'longest'"})
    EXPECT_NE(profile.error().what.find(text), std::string::npos) << profile.error().what;
  EXPECT_FALSE(parse_caption_profile("- a", "own.yaml"));
  EXPECT_FALSE(parse_caption_profile("lines: 2 frames", "own.yaml"));
}

TEST(CaptionProfiles, AreFoundByNameOrPath) {
  EXPECT_TRUE(caption_profile("bbc"));
  auto const misspelt = caption_profile("netflx");
  ASSERT_FALSE(misspelt);
  EXPECT_EQ(misspelt.error().kind, ErrorKind::usage);
  EXPECT_NE(misspelt.error().what.find("'netflix'"), std::string::npos);
  EXPECT_FALSE(caption_profile("./not-there.yaml"));
}

}  // namespace
}  // namespace reelmill
