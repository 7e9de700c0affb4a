// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/filters.h"

#include <gtest/gtest.h>

namespace reelmill::speech {
namespace {

Heard heard(std::string text, double log_probability = -0.2, double no_speech = 0) {
  return {.tokens = {{.text = std::move(text), .probability = 0.9}},
          .log_probability = log_probability,
          .no_speech = no_speech,
          .end = 10'000};
}

constexpr char const* speech =
    "Thank you for calling. If you know your party's extension, please dial it now; otherwise stay on the line, and somebody "
    "will be with you "
    "in a moment.";

TEST(Doubt, IsNotRaisedByWhatPeopleSay) {
  EXPECT_FALSE(doubt(heard(speech), 9));
  EXPECT_FALSE(doubt(heard("No, no, no, no!"), 1.2));
  EXPECT_FALSE(doubt(heard("Yes"), 0.3));
}

TEST(Doubt, IsRaisedByLoopsGuessesAndHaste) {
  std::string loop;
  for (int i = 0; i < 30; ++i) loop += " Thank you very much.";
  EXPECT_TRUE(doubt(heard(loop), 30));
  EXPECT_TRUE(doubt(heard(speech, -1.3), 9));
  EXPECT_TRUE(doubt(heard("Thanks for watching!", -0.8, 0.9), 9));
  EXPECT_TRUE(doubt(heard(speech), 1));
}

TEST(Repetition, GrowsWithIt) {
  std::string loop;
  for (int i = 0; i < 30; ++i) loop += " so what";
  EXPECT_GT(repetition(loop), 2.4);
  EXPECT_LT(repetition(speech), 2);
  EXPECT_EQ(repetition(""), 0);
}

TEST(Inventions, AreDroppedAndTold) {
  Transcript transcript;
  for (int i = 0; i < 5; ++i) transcript.segments.push_back({i * 3000, i * 3000 + 2500, "Thank you so much.", 0.9, {}});
  transcript.segments.push_back({20'000, 22'000, "And goodbye.", 0.9, {}});
  transcript.segments.push_back({23'000, 24'000, "...", 0.9, {}});
  transcript.segments.push_back({25'000, 25'100, speech, 0.9, {}});
  drop_inventions(transcript);
  ASSERT_EQ(transcript.segments.size(), 3U);
  EXPECT_EQ(transcript.segments.back().text, "And goodbye.");
  EXPECT_EQ(transcript.notes.size(), 5U);
}

TEST(Inventions, AreNotShortAnswers) {
  Transcript transcript;
  for (int i = 0; i < 4; ++i) transcript.segments.push_back({i * 1000, i * 1000 + 500, "Yes.", 0.9, {}});
  drop_inventions(transcript);
  EXPECT_EQ(transcript.segments.size(), 4U);
}

}  // namespace
}  // namespace reelmill::speech
