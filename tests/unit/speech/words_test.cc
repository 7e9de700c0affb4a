// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/words.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "base/text.h"

namespace reelmill::speech {
namespace {

std::vector<std::string> texts_of(std::vector<RawWord> const& words) {
  std::vector<std::string> out;
  for (auto const& word : words) out.push_back(word.text);
  return out;
}

std::vector<Token> tokens(std::initializer_list<std::string> texts) {
  std::vector<Token> out;
  for (auto const& text : texts) {
    auto const at = static_cast<std::int64_t>(out.size()) * 200;
    out.push_back({.text = text, .probability = 0.9, .from = at, .to = at + 200, .said = at + 190});
  }
  return out;
}

TEST(Words, AreJoinedOfTokensUpToTheNextSpace) {
  auto const words = join_tokens(tokens({" Hel", "lo", ",", " world", "."}), "en");
  EXPECT_EQ(texts_of(words), (std::vector<std::string>{"Hello,", "world."}));
  EXPECT_EQ(words[0].from, 0);
  EXPECT_EQ(words[0].to, 600);
  EXPECT_EQ(words[0].begun, -1);
  EXPECT_EQ(words[1].begun, 590);
  EXPECT_EQ(words[1].said, 990);
}

TEST(Words, KeepApostrophesAndHyphensAndTakeOpeningSignsToWhatFollows) {
  EXPECT_EQ(texts_of(join_tokens(tokens({" don", "'t", " well", "-", "known", " \"", "Yes", "\""}), "en")),
            (std::vector<std::string>{"don't", "well-known", "\"Yes\""}));
  EXPECT_EQ(texts_of(join_tokens(tokens({" ¿", "Qué", "?"}), "es")), (std::vector<std::string>{"¿Qué?"}));
}

TEST(Words, AreCharactersWhereALanguageHasNoSpaces) {
  // The second character is cut in two tokens.
  EXPECT_EQ(texts_of(join_tokens(tokens({"你", "\xE5\xA5", "\xBD", "。"}), "zh")), (std::vector<std::string>{"你", "好。"}));
}

TEST(Words, AreAlwaysUtf8) {
  for (auto const& word : join_tokens(tokens({" a\xE5", " b"}), "en")) EXPECT_TRUE(is_utf8(word.text)) << word.text;
}

TEST(Words, AreAsSureAsTheirTokensButForSigns) {
  auto all = tokens({" Hel", "lo", "."});
  all[0].probability = 0.81;
  all[1].probability = 0.49;
  all[2].probability = 0.001;
  EXPECT_NEAR(join_tokens(all, "en")[0].probability, std::sqrt(0.81 * 0.49), 1e-9);
}

// Two seconds of noise at each island, silence elsewhere.
std::vector<float> sound_of(std::vector<Island> const& islands, std::int64_t length) {
  std::mt19937 random(5);
  std::normal_distribution<float> noise(0, 0.1F);
  std::vector<float> out(static_cast<std::size_t>(length * samples_of_ms));
  for (auto const& island : islands)
    for (auto i = island.from * samples_of_ms; i < island.to * samples_of_ms; ++i)
      out[static_cast<std::size_t>(i)] = noise(random);
  return out;
}

class Placing : public testing::Test {
 protected:
  std::vector<Segment> place(std::vector<RawWord> const& words) {
    LoudnessCurve const curve(sound_of(islands, 20'000));
    std::vector<float> const voice(1000, 1.0F);
    window = pack(islands, voice, 32, 20'000).front();
    return place_words(words, window, curve, "en", notes);
  }
  static RawWord word(std::string text, std::int64_t from, std::int64_t to) {
    return {.text = std::move(text), .probability = 0.8, .from = from, .to = to, .begun = from, .said = to};
  }
  std::vector<Island> islands{{2000, 4000}, {12'000, 14'000}};
  Window window;
  std::vector<std::string> notes;
};

TEST_F(Placing, FindsTheIslandThatAWordIsSaidIn) {
  // The window is [1700, 4500) and then [11500, 14300): the second island is heard from 3300 on.
  auto const segments = place({word("one", 100, 900), word("two", 900, 1800), word("three", 2500, 3900)});
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(segments[0].text, "one two");
  EXPECT_NEAR(static_cast<double>(segments[0].words[0].from), 2000, 20);
  EXPECT_EQ(segments[1].text, "three");
  EXPECT_NEAR(static_cast<double>(segments[1].words[0].from), 12'000, 30);
  EXPECT_LE(segments[1].words[0].to, 14'000);
}

TEST_F(Placing, LeavesOutWhatIsFarFromSpeechAndSaysSo) {
  islands = {{2000, 2500}};
  auto raw = word("ghost", 2000, 2050);
  window = {.pieces = {{0, 0, 10'000}}, .islands = islands};
  raw.begun = raw.from = 8000;
  raw.said = raw.to = 8500;
  LoudnessCurve const curve(sound_of(islands, 20'000));
  EXPECT_TRUE(place_words({raw}, window, curve, "en", notes).empty());
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("ghost"), std::string::npos);
}

TEST_F(Placing, TrustsAWordLessWhereItsTimesDisagree) {
  auto sure = word("one", 300, 900), unsure = sure;
  unsure.from += 1500;
  unsure.to += 1500;
  EXPECT_LT(place({unsure})[0].words[0].confidence, place({sure})[0].words[0].confidence);
}

TEST_F(Placing, KeepsWordsInOrderInsideOfIslandsWhateverTheModelSays) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<RawWord> words;
    for (int i = static_cast<int>(random() % 40); i > 0; --i) {
      auto const time = [&] { return static_cast<std::int64_t>(random() % 6000) - (random() % 9 == 0 ? 6000 : 0); };
      words.push_back({.text = "w",
                       .probability = 0.5,
                       .from = std::max<std::int64_t>(0, time()),
                       .to = std::max<std::int64_t>(0, time()),
                       .begun = std::max<std::int64_t>(-1, time()),
                       .said = std::max<std::int64_t>(-1, time())});
    }
    std::int64_t end = 0;
    for (auto const& segment : place(words))
      for (auto const& each : segment.words) {
        EXPECT_GE(each.from, end);
        EXPECT_LE(each.from, each.to);
        end = each.to;
        bool inside = false;
        for (auto const& island : islands) inside = inside || (island.from <= each.from && each.to <= island.to);
        EXPECT_TRUE(inside) << each.from << " " << each.to;
        EXPECT_GE(each.confidence, 0);
        EXPECT_LE(each.confidence, 1);
      }
  }
}

TEST(LoudnessCurve, FindsWhereASoundBegins) {
  LoudnessCurve const curve(sound_of({{500, 900}}, 2000));
  EXPECT_NEAR(static_cast<double>(curve.rise_near(450, 100)), 500, 20);
  EXPECT_EQ(curve.rise_near(1500, 100), 1500);
  EXPECT_NEAR(static_cast<double>(curve.first_sound(300, 1000)), 500, 20);
  EXPECT_NEAR(static_cast<double>(curve.last_sound(300, 1200)), 900, 20);
  EXPECT_EQ(LoudnessCurve({}).first_sound(0, 100), 0);
}

}  // namespace
}  // namespace reelmill::speech
