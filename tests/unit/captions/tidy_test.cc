// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/tidy.h"

#include <gtest/gtest.h>

#include <random>

namespace reelmill {
namespace {

std::vector<Cue> tidied(std::vector<Cue> cues) { return tidy({"", std::move(cues)}).captions.cues; }

TEST(Tidy, LeavesWhatIsTidyAlone) {
  std::vector<Cue> const cues{{0, 1000, "a"}, {1000, 2000, "b", {{0, 1, Emphasis::bold}}}, {1500, 1800, "up", {}, true}};
  auto const out = tidy({"en", cues});
  EXPECT_EQ(out.captions.cues, cues);
  EXPECT_EQ(out.captions.language, "en");
  EXPECT_TRUE(out.notes.empty());
}

TEST(Tidy, OrdersAndLeavesOut) {
  auto const out = tidy(
      {"",
       {{3000, 4000, "c"}, {0, 1000, "a"}, {1000, 1000, "none"}, {5000, 4000, "back"}, {6000, 7000, " \n "}, {-500, 300, "e"}}});
  EXPECT_EQ(out.captions.cues, (std::vector<Cue>{{0, 300, "e\na"}, {300, 1000, "a"}, {3000, 4000, "c"}}));
  EXPECT_EQ(out.notes.size(), 5u);
}

TEST(Tidy, CutsSmallOverlapsAndShowsLargeOnesTogether) {
  EXPECT_EQ(tidied({{0, 1100, "a"}, {1000, 2000, "b"}}), (std::vector<Cue>{{0, 1000, "a"}, {1000, 2000, "b"}}));
  EXPECT_EQ(
      tidied({{0, 2000, "a"}, {1000, 3000, "b", {{0, 1, Emphasis::italic}}}}),
      (std::vector<Cue>{
          {0, 1000, "a"}, {1000, 2000, "a\nb", {{2, 3, Emphasis::italic}}}, {2000, 3000, "b", {{0, 1, Emphasis::italic}}}}));
  EXPECT_EQ(tidied({{0, 2000, "sign"}, {500, 1500, "talk"}}),
            (std::vector<Cue>{{0, 500, "sign"}, {500, 1500, "sign\ntalk"}, {1500, 2000, "sign"}}));
}

TEST(Tidy, RepeatedTextsBecomeOne) {
  EXPECT_EQ(tidied({{0, 1000, "a"}, {1000, 2000, "a"}, {1500, 2500, "a"}}), (std::vector<Cue>{{0, 2500, "a"}}));
  EXPECT_EQ(tidied({{0, 1000, "a"}, {1500, 2000, "a"}}).size(), 2u);
}

TEST(Tidy, NothingOverlapsWhateverComes) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    std::vector<Cue> cues;
    for (unsigned n = random() % 40; n > 0; --n) {
      auto const from = static_cast<std::int64_t>(random() % 8000) - 500;
      cues.push_back({from,
                      from + static_cast<std::int64_t>(random() % 3000) - 200,
                      std::string(random() % 3, static_cast<char>('a' + random() % 5)),
                      {},
                      random() % 5 == 0});
    }
    auto const out = tidied(cues);
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_GE(out[i].from, 0);
      ASSERT_GT(out[i].to, out[i].from);
      ASSERT_FALSE(out[i].text.empty());
      for (std::size_t j = 0; j < i; ++j) {
        ASSERT_LE(out[j].from, out[i].from);
        ASSERT_TRUE(out[j].at_top != out[i].at_top || out[j].to <= out[i].from);
      }
    }
    ASSERT_EQ(tidied(out), out) << "once is enough";
  }
}

}  // namespace
}  // namespace reelmill
