// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/lay_out.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "base/text.h"
#include "captions/check.h"

namespace reelmill {
namespace {

// Words one after the other, a second for `speed` characters; "|" is a pause of a second, and the segment ends there.
Transcript spoken(std::string_view text, double speed = 14, std::string const& language = "en", std::int64_t at = 0) {
  Transcript out;
  out.language = language;
  out.segments.emplace_back();
  for (auto const word : split(text, ' ')) {
    if (word == "|") {
      at += 1000;
      out.segments.emplace_back();
      continue;
    }
    auto const length = static_cast<std::int64_t>((line_columns(word) + 1) * 1000 / speed);
    out.segments.back().words.push_back({at, at + length - 20, std::string(word), 1});
    at += length;
  }
  for (auto& segment : out.segments)
    for (auto const& word : segment.words) segment.text += (segment.text.empty() ? "" : " ") + word.text;
  out.length = at + 1000;
  return out;
}

std::vector<std::string> texts(std::vector<Cue> const& cues) {
  std::vector<std::string> out;
  for (auto const& cue : cues) out.push_back(cue.text);
  return out;
}

std::string without_blanks(std::string_view text) {
  std::string out;
  for (char const c : text)
    if (c != ' ' && c != '\n') out += c;
  return out;
}

using Texts = std::vector<std::string>;

TEST(LayOut, NothingSaidIsNothingShown) {
  EXPECT_TRUE(lay_out({}, {}, {}).empty());
  Transcript blank;
  blank.segments.push_back({0, 1000, " ", 1, {{0, 1000, " \n", 1}, {0, 0, "", 1}, {0, 1, "\u200b", 1}}});
  EXPECT_TRUE(lay_out(blank, {}, {}).empty());
}

TEST(LayOut, SentencesAreCues) {
  EXPECT_EQ(texts(lay_out(spoken("I came here to see the garden. | Nobody told me that it was closed."), {}, {})),
            (Texts{"I came here to see the garden.", "Nobody told me that it was closed."}));
  EXPECT_EQ(texts(lay_out(spoken("Nobody ever told me that the garden was closed on Sundays and in winter."), {}, {})),
            (Texts{"Nobody ever told me that the garden\nwas closed on Sundays and in winter."}));
}

TEST(LayOut, ArticlesStayWithTheirNouns) {
  auto const transcript = spoken(
      "We walked along the river until we reached the old bridge that the soldiers had built in the last winter of the war and "
      "then we "
      "rested for an hour under the trees before we went on to the village where a friend of my father was waiting for us with "
      "the horses "
      "and a letter from the captain of the ship");
  for (auto const& cue : lay_out(transcript, {}, {}))
    for (auto const line : split(cue.text, '\n')) {
      auto const last = line.substr(line.rfind(' ') + 1);
      EXPECT_TRUE(std::set<std::string_view>({"the", "a", "an", "my"}).count(last) == 0) << cue.text;
    }
}

TEST(LayOut, ACueBeginsWithItsFirstWordAndStaysToBeRead) {
  auto const transcript = spoken("| Yes. | | | It is so, I think, for all that I know of it.", 19);
  auto const cues = lay_out(transcript, {}, {});
  ASSERT_EQ(cues.size(), 2u);
  EXPECT_EQ(cues[0].from, 1000);
  EXPECT_GE(cues[0].to - cues[0].from, 833);
  EXPECT_NEAR(static_cast<double>(cues[1].from), static_cast<double>(transcript.segments.back().words.front().from), 40);
}

TEST(LayOut, ShotsAreNotCrossedWhereThatCanBe) {
  auto const transcript = spoken("This is the first half of it, | and this is the second half.", 14);
  auto const second = transcript.segments.back().words.front().from;
  CueClock const clock{25, {0, second - 120}};
  auto const cues = lay_out(transcript, {}, clock);
  ASSERT_EQ(cues.size(), 2u);
  EXPECT_EQ(cues[1].from, (second - 120 + 20) / 40 * 40) << "it begins with the shot";
  EXPECT_LE(cues[0].to, second - 120 - 60) << "two frames before it";
}

TEST(LayOut, LanguagesWithoutSpacesBreakBetweenCharacters) {
  Transcript transcript;
  transcript.language = "zh";
  std::string const text = "今天的天气非常好，我们决定去公园散步，然后在湖边的小餐馆里吃午饭，下午再去看一场电影。";
  Segment segment{0, 12'000, text, 1, {}};
  std::int64_t at = 0;
  for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(3)) {
    segment.words.push_back({at, at + 250, std::string(rest.substr(0, 3)), 1});
    at += 280;
  }
  transcript.segments.push_back(segment);
  transcript.length = 14'000;
  CaptionProfile profile;
  profile.line_length = 32;
  auto const cues = lay_out(transcript, profile, {});
  std::string all;
  for (auto const& cue : cues) {
    all += without_blanks(cue.text);
    EXPECT_EQ(cue.text.find(' '), std::string::npos);
    for (auto const line : split(cue.text, '\n')) {
      EXPECT_FALSE(line.starts_with("，") || line.starts_with("。")) << cue.text;
      EXPECT_LE(line_columns(line), 32);
    }
  }
  EXPECT_EQ(all, text);
  EXPECT_TRUE(check_captions({"zh", cues}, profile, 25, transcript.length).empty());
}

TEST(LayOut, SpacesAreThoseOfTheSegment) {
  Transcript transcript;
  transcript.language = "en";
  transcript.segments.push_back({0,
                                 3000,
                                 "I can't see 50% of it",
                                 1,
                                 {{0, 100, "I", 1},
                                  {100, 300, "can", 1},
                                  {300, 400, "'t", 1},
                                  {400, 900, "see", 1},
                                  {900, 1200, "50", 1},
                                  {1200, 1400, "%", 1},
                                  {1500, 1700, "of", 1},
                                  {1800, 2000, "it", 1}}});
  EXPECT_EQ(texts(lay_out(transcript, {}, {})), Texts{"I can't see 50% of it"});
}

struct Chance {
  std::mt19937 engine;
  int upto(int most) { return static_cast<int>(engine() % static_cast<unsigned>(most + 1)); }
  bool one_in(int many) { return upto(many - 1) == 0; }
};

std::string random_word(Chance& chance, int script) {
  constexpr std::string_view wide[] = {"天", "気", "、", "。", "は", "ー", "「", "」", "ง", "เ", "า", "ั", "\U0001f600", "\u200d"};
  constexpr std::string_view plain[] = {
      "the", "a", "and", "of", "house", "Mr.", "go,", "why?", "no.", "-", "antidisestablishmentarianism", "I", "50%", "über"};
  if (script == 2 && chance.one_in(60)) return std::string(static_cast<std::size_t>(chance.upto(300) + 1), 'x');
  if (script == 2 && chance.one_in(60)) return "\xff\x01 \t ok";
  std::string out;
  if (script == 0 || chance.upto(1) == 0) return std::string(plain[static_cast<std::size_t>(chance.upto(13))]);
  for (int n = chance.upto(chance.one_in(30) ? 120 : 3) + 1; n > 0; --n) out += wide[static_cast<std::size_t>(chance.upto(13))];
  return out;
}

// `pace`: milliseconds for each column of a word.
Transcript random_transcript(Chance& chance, int script, double pace, bool is_orderly) {
  Transcript out;
  constexpr std::string_view languages[] = {"en", "ja", "de", "", "th", "zh"};
  out.language = languages[chance.upto(5)];
  std::int64_t at = chance.upto(2000);
  for (int segments = chance.upto(12); segments > 0; --segments) {
    Segment segment;
    segment.from = at;
    for (int words = chance.upto(30); words > 0; --words) {
      Word word{at, at, random_word(chance, script), 1};
      auto const length = static_cast<std::int64_t>(pace * (line_columns(word.text) + 1) * (0.8 + chance.upto(40) / 100.0));
      word.to = at + (chance.one_in(4) ? length : length * 9 / 10);
      if (!is_orderly && chance.one_in(10)) word.from -= chance.upto(3000), word.to -= chance.upto(5000);
      if (!is_orderly && chance.one_in(50)) word.to += 20'000, at += 20'000;
      at += length;
      if (chance.one_in(12)) at += chance.upto(3000);
      segment.text += (segment.text.empty() || chance.one_in(9) ? "" : " ") + word.text;
      segment.words.push_back(word);
    }
    segment.to = at;
    if (!is_orderly && chance.one_in(5)) segment.words.clear();
    out.segments.push_back(segment);
    if (chance.one_in(2)) at += chance.upto(6000);
  }
  out.length = chance.one_in(4) ? 0 : std::max<std::int64_t>(1, at + chance.upto(3000) - (is_orderly ? 0 : 1500));
  if (!is_orderly && chance.one_in(20)) out.length = chance.upto(3000);
  return out;
}

CueClock random_clock(Chance& chance, std::int64_t length) {
  Rational const rates[] = {25, 24, {24000, 1001}, {30000, 1001}, 30, 50, {60000, 1001}, 120, 240, 5, 1};
  CueClock clock{rates[chance.upto(10)], {}};
  for (int n = chance.upto(20); n > 0; --n)
    clock.shots.push_back(chance.upto(static_cast<int>(std::max<std::int64_t>(length, 20'000))));
  return clock;
}

CaptionProfile random_profile(Chance& chance) {
  CaptionProfile profile;
  if (chance.one_in(2)) return profile;
  profile.line_length = 8 + chance.upto(60);
  profile.lines = 1 + chance.upto(2);
  profile.reading_speed = 5 + chance.upto(30);
  profile.shortest = 200 + chance.upto(1500);
  profile.longest = 2 * profile.shortest + chance.upto(6000);
  profile.gap_frames = chance.upto(4);
  profile.snap_frames = chance.upto(12);
  profile.chain_frames = chance.upto(25);
  profile.earlier = chance.upto(1500);
  profile.later = chance.upto(1500);
  return profile;
}

std::string expected_text(Transcript const& transcript) {
  std::string out;
  for (auto const& segment : transcript.segments) {
    if (segment.words.empty()) out += segment.text;
    for (auto const& word : segment.words) out += word.text;
  }
  return out;
}

TEST(LayOut, KeepsToTheProfileWhateverIsSaid) {
  Chance chance{std::mt19937(11)};
  int found = 0, cramped = 0, all = 0;
  for (int round = 0; round < 1500; ++round) {
    double const paces[] = {70, 50, 30, 5, 0};
    auto const transcript = random_transcript(chance, chance.upto(2), paces[chance.upto(4)], chance.one_in(2));
    auto const profile = random_profile(chance);
    auto const clock = random_clock(chance, transcript.length);
    std::vector<std::string> notes;
    auto const cues = lay_out(transcript, profile, clock, &notes);
    auto const findings = check_captions({"", cues}, profile, clock.rate, transcript.length);
    EXPECT_EQ(notes.size(), findings.size());
    all += static_cast<int>(cues.size());
    auto const gap = static_cast<std::int64_t>(profile.gap_frames * 1000 / clock.rate.value());
    auto const count = static_cast<std::int64_t>(cues.size());
    bool const has_no_room =
        transcript.length > 0 && count * (profile.shortest + 80) + (count - 1) * (gap + 80) > transcript.length;
    for (auto const& finding : findings) {
      if (finding.code == "captions.reading_speed") {
        ++found;
        continue;
      }
      ++cramped;
      ASSERT_TRUE(has_no_room && (finding.code == "captions.too_short" || finding.code == "captions.beyond_end"))
          << "round " << round << ": " << finding.code << " " << finding.message << " cue " << finding.cue << " " << finding.from
          << " " << finding.to << " of " << count << ", length " << transcript.length;
    }
    auto const keep = [](std::string text) {
      std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\x01' || c == '\xff' || c == '?'; });
      return text;
    };
    std::string shown;
    for (auto const& cue : cues) shown += cue.text;
    // What cannot be seen may go when it is a word of its own.
    auto expected = expected_text(transcript);
    for (auto* const text : {&shown, &expected})
      for (auto at = text->find("\u200d"); at != std::string::npos; at = text->find("\u200d")) text->erase(at, 3);
    for (auto* const text : {&shown, &expected})
      for (auto at = text->find("ั"); at != std::string::npos; at = text->find("ั")) text->erase(at, 3);
    ASSERT_EQ(keep(shown), keep(expected)) << "round " << round;
  }
  RecordProperty("cues", all);
  RecordProperty("too_fast", found);
  RecordProperty("cramped", cramped);
}

TEST(LayOut, FindsNothingInSpeechThatCanBeRead) {
  Chance chance{std::mt19937(5)};
  for (int round = 0; round < 400; ++round) {
    CaptionProfile profile;
    profile.reading_speed = 15 + chance.upto(10);
    // A third slower than reading.
    auto transcript = random_transcript(chance, chance.upto(1), 1000 / profile.reading_speed * 1.33 / 0.8, true);
    auto const clock = CueClock{Rational(24 + chance.upto(6)), {}};
    if (transcript.length > 0) transcript.length += 1500;
    std::vector<std::string> notes;
    auto const cues = lay_out(transcript, profile, clock, &notes);
    ASSERT_EQ(notes, std::vector<std::string>{}) << "round " << round;
  }
}

TEST(LayOut, FastSpeechIsToldNotHidden) {
  std::vector<std::string> notes;
  auto const cues = lay_out(spoken("The quick brown fox jumps over the lazy dog and runs away from it as fast as its legs can "
                                   "carry it, which is quite fast "
                                   "for a fox of its age and size and state of health.",
                                   40),
                            {}, {}, &notes);
  EXPECT_FALSE(cues.empty());
  EXPECT_FALSE(notes.empty());
  for (auto const& note : notes) EXPECT_NE(note.find("characters a second"), std::string::npos) << note;
}

TEST(LayOut, ABurstIsReadInTheSilenceAroundIt) {
  std::vector<std::string> notes;
  lay_out(spoken("| | Four and twenty blackbirds baked in a pie. | | |", 26), {}, {}, &notes);
  EXPECT_EQ(notes, std::vector<std::string>{});
}

}  // namespace
}  // namespace reelmill
