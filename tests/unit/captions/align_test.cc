// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/align.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

// What is said in a film, as an actor's and a detector's habits make it.
struct Line {
  std::int64_t from = 0, to = 0;
  std::vector<std::string> words;
};
struct Film {
  std::vector<Line> lines;
  std::int64_t length = 0;
};

double part(std::mt19937& random, double from, double to) {
  return from + (to - from) * static_cast<double>(random()) / 4294967296.0;
}
std::int64_t ms(double seconds) { return std::llround(seconds * 1000); }

Film film_of(double seconds, unsigned seed) {
  std::mt19937 random(seed);
  Film out;
  double at = part(random, 5, 30);
  while (at < seconds - 20) {
    double const spoken = part(random, 0.7, 2) + (random() % 3 == 0 ? part(random, 0, 3) : 0);
    Line line{ms(at), ms(at + spoken), {}};
    auto const count = std::max(1, static_cast<int>(spoken * 2.7));
    for (int i = 0; i < count; ++i) line.words.push_back("w" + std::to_string(random() % 400));
    out.lines.push_back(line);
    at += spoken + (random() % 12 == 0 ? part(random, 4, 25) : part(random, 0.05, 2.2));
  }
  out.length = ms(seconds);
  return out;
}

Transcript heard(Film const& film, unsigned seed, bool with_words = false) {
  std::mt19937 random(seed);
  Transcript out;
  out.length = film.length;
  for (auto const& line : film.lines) {
    if (with_words) {
      Segment segment;
      double const each = static_cast<double>(line.to - line.from) / static_cast<double>(line.words.size());
      for (std::size_t i = 0; i < line.words.size(); ++i) {
        auto const from = line.from + std::llround(each * static_cast<double>(i) + part(random, -80, 80));
        segment.words.push_back({from, from + std::llround(each), random() % 6 == 0 ? "mumble" : line.words[i] + ",", 0.9});
      }
      out.segments.push_back(segment);
    }
    if (random() % 14 == 0) continue;  // too quiet
    Island island{line.from + ms(part(random, -0.12, 0.02)), line.to + ms(part(random, -0.05, 0.2))};
    if (!out.islands.empty() && island.from - out.islands.back().to < 150)
      out.islands.back().to = island.to;
    else if (island.to - island.from > 1800 && random() % 4 == 0) {
      auto const middle = (island.from + island.to) / 2;
      out.islands.push_back({island.from, middle});
      out.islands.push_back({middle + 200, island.to});
    } else {
      out.islands.push_back(island);
    }
    if (random() % 15 == 0) {  // music
      auto const from = island.to + ms(part(random, 0.3, 1));
      out.islands.push_back({from, from + ms(part(random, 0.3, 3))});
    }
  }
  return out;
}

// Two short lines may make one cue, texts linger, and nobody hits the frame.
Captions captioned(Film const& film, unsigned seed) {
  std::mt19937 random(seed);
  Captions out;
  for (std::size_t i = 0; i < film.lines.size(); ++i) {
    auto const& line = film.lines[i];
    Cue cue{line.from + ms(part(random, -0.12, 0.12)), line.to, ""};
    for (auto const& word : line.words) cue.text += (cue.text.empty() ? "" : " ") + word;
    if (i + 1 < film.lines.size() && film.lines[i + 1].to - line.from < 4500 && random() % 6 == 0) {
      ++i;
      cue.to = film.lines[i].to;
      for (auto const& word : film.lines[i].words) cue.text += "\n" + word;
    }
    cue.to += ms(part(random, 0.1, 1.4));
    if (i + 1 < film.lines.size()) cue.to = std::max(cue.from + 300, std::min(cue.to, film.lines[i + 1].from - 200));
    out.cues.push_back(cue);
  }
  return out;
}

Captions moved(Captions captions, double ratio, double offset) {
  for (auto& cue : captions.cues) {
    cue.from = std::llround((static_cast<double>(cue.from) - offset) / ratio);
    cue.to = std::llround((static_cast<double>(cue.to) - offset) / ratio);
  }
  return captions;
}

std::vector<double> errors(Captions const& truth, Captions const& found) {
  std::vector<double> out;
  for (std::size_t i = 0; i < std::min(truth.cues.size(), found.cues.size()); ++i)
    out.push_back(std::abs(static_cast<double>(truth.cues[i].from - found.cues[i].from)));
  std::sort(out.begin(), out.end());
  return out;
}
double median(std::vector<double> const& sorted) { return sorted.empty() ? 1e9 : sorted[sorted.size() / 2]; }

TEST(Align, FindsAnyOffset) {
  unsigned seed = 1;
  for (double const offset : {60000.0, -4200.0, 730.0, -250.0, -60000.0}) {
    auto const film = film_of(700, ++seed);
    auto const truth = captioned(film, seed);
    auto const found = align(moved(truth, 1, offset), heard(film, seed));
    ASSERT_EQ(found.outcome, AlignOutcome::moved) << offset << ' ' << found.reason;
    EXPECT_EQ(found.spans.size(), 1u);
    EXPECT_EQ(found.ratio, 1);
    EXPECT_NEAR(found.spans[0].offset, offset, 60);
    EXPECT_GT(found.confidence, 0.8);
    EXPECT_GT(found.agreeing, found.by_chance);
  }
}

TEST(Align, SaysInSync) {
  auto const film = film_of(700, 40);
  auto const truth = captioned(film, 40);
  auto const found = align(truth, heard(film, 40));
  ASSERT_EQ(found.outcome, AlignOutcome::in_sync) << found.reason;
  EXPECT_EQ(aligned(truth, found).cues, truth.cues);
}

TEST(Align, FindsTheRatioOfFrameRates) {
  unsigned seed = 50;
  constexpr double ntsc = 24000.0 / 1001;
  for (double const ratio : {25 / ntsc, ntsc / 25, 24 / ntsc, ntsc / 24, 25.0 / 24, 24.0 / 25}) {
    auto const film = film_of(900, ++seed);
    auto const truth = captioned(film, seed);
    auto const found = align(moved(truth, ratio, 3000), heard(film, seed));
    ASSERT_EQ(found.outcome, AlignOutcome::moved) << ratio << ' ' << found.reason;
    EXPECT_EQ(found.spans.size(), 1u) << ratio;
    EXPECT_NEAR(found.ratio, ratio, 1e-4);
    EXPECT_LT(errors(truth, aligned(moved(truth, ratio, 3000), found)).back(), 150) << ratio;
  }
}

TEST(Align, FindsADrift) {
  unsigned seed = 60;
  for (double const drift : {4e-4, -1.5e-3}) {
    auto const film = film_of(2400, ++seed);
    auto const truth = captioned(film, seed);
    auto const found = align(moved(truth, 1 + drift, -9000), heard(film, seed));
    ASSERT_EQ(found.outcome, AlignOutcome::moved) << found.reason;
    EXPECT_EQ(found.spans.size(), 1u);
    EXPECT_NEAR(found.ratio, 1 + drift, 5e-5);
    EXPECT_TRUE(found.rates.empty()) << found.rates;
  }
}

// The film has 95 s that the captions know nothing of, and they have 12 s that the film lacks, at any speed.
TEST(Align, FindsCuts) {
  unsigned seed = 70;
  for (double const ratio : {1.0, 25 * 1001.0 / 24000}) {
    auto const film = film_of(1500, ++seed);
    auto truth = captioned(film, seed);
    std::erase_if(truth.cues, [](Cue const& cue) { return cue.to > 900000 && cue.from < 995000; });
    auto captions = truth;
    for (auto& cue : captions.cues) {
      std::int64_t const more = cue.from > 900000 ? 12000 - 95000 : cue.from > 400000 ? 12000 : 0;
      cue.from += more, cue.to += more;
    }
    auto const given = moved(captions, ratio, 5000);
    auto const found = align(given, heard(film, seed));
    ASSERT_EQ(found.outcome, AlignOutcome::moved) << found.reason;
    EXPECT_EQ(found.spans.size(), 3u);
    EXPECT_NEAR(found.ratio, ratio, 1e-4);
    EXPECT_EQ(found.lost, 0u);
    auto const wrong = errors(truth, aligned(given, found));
    EXPECT_LT(median(wrong), 60);
    EXPECT_LT(wrong[wrong.size() * 95 / 100], 150);
  }
}

TEST(Align, FindsAdvertisementsTakenOut) {
  auto const film = film_of(1500, 80);
  auto const truth = captioned(film, 80);
  auto captions = truth;
  for (auto& cue : captions.cues) {
    std::int64_t const more = cue.from > 1000000 ? 301500 : cue.from > 500000 ? 180000 : 0;
    cue.from += more, cue.to += more;
  }
  auto const found = align(captions, heard(film, 80));
  ASSERT_EQ(found.outcome, AlignOutcome::moved) << found.reason;
  ASSERT_EQ(found.spans.size(), 3u);
  EXPECT_NEAR(found.spans[0].offset, 0, 60);
  EXPECT_NEAR(found.spans[1].offset, -180000, 60);
  EXPECT_NEAR(found.spans[2].offset, -301500, 60);
  EXPECT_EQ(found.lost, 0u);
  auto const wrong = errors(truth, aligned(captions, found));
  EXPECT_LT(median(wrong), 60);
  EXPECT_LT(wrong[wrong.size() * 95 / 100], 150);
}

// The film is another edit, without a scene: its cues go.
TEST(Align, LosesTheCuesOfAMissingScene) {
  auto const whole = film_of(1500, 90);
  auto const captions = captioned(whole, 90);
  Film film{{}, whole.length - 120000};
  std::size_t missing = 0;
  for (auto line : whole.lines) {
    if (line.from > 600000 && line.from < 720000) {
      ++missing;
      continue;
    }
    if (line.from >= 720000) line.from -= 120000, line.to -= 120000;
    film.lines.push_back(line);
  }
  auto const found = align(captions, heard(film, 90));
  ASSERT_EQ(found.outcome, AlignOutcome::moved) << found.reason;
  ASSERT_EQ(found.spans.size(), 2u);
  EXPECT_NEAR(found.spans[1].offset, -120000, 60);
  EXPECT_NEAR(static_cast<double>(found.lost), static_cast<double>(missing), 0.35 * static_cast<double>(missing) + 3);
  auto const put = aligned(captions, found, film.length);
  EXPECT_EQ(put.cues.size(), captions.cues.size() - found.lost);
  EXPECT_TRUE(std::is_sorted(put.cues.begin(), put.cues.end(), [](auto& a, auto& b) { return a.from < b.from; }));
}

TEST(Align, RefusesAnotherFilm) {
  for (unsigned seed = 100; seed < 112; ++seed) {
    auto const captions = captioned(film_of(800, seed), seed);
    bool const with_words = seed % 2 == 1;
    auto const found = align(captions, heard(film_of(850, seed + 1000), seed, with_words));
    EXPECT_EQ(found.outcome, AlignOutcome::refused) << seed << " confidence " << found.confidence;
    EXPECT_FALSE(found.reason.empty());
    EXPECT_TRUE(found.spans.empty());
    EXPECT_EQ(aligned(captions, found).cues, captions.cues);
  }
}

// Speech without a pause, which its islands tell nothing of.
TEST(Align, FindsWordsWhereIslandsSayNothing) {
  auto const film = film_of(700, 120);
  auto const truth = captioned(film, 120);
  auto transcript = heard(film, 120, true);
  transcript.islands = {{0, film.length}};
  auto captions = truth;
  for (auto& cue : captions.cues) {
    std::int64_t const more = cue.from > 300000 ? 21000 : -7000;
    cue.from += more, cue.to += more;
  }
  auto const found = align(captions, transcript);
  ASSERT_EQ(found.outcome, AlignOutcome::moved) << found.reason;
  ASSERT_EQ(found.spans.size(), 2u);
  EXPECT_LT(median(errors(truth, aligned(captions, found))), 100);
  EXPECT_GT(found.by_words, found.compared / 2);
}

TEST(Align, TakesWhateverCaptionsHold) {
  auto const film = film_of(300, 130);
  auto const transcript = heard(film, 130);
  EXPECT_EQ(align({}, transcript).outcome, AlignOutcome::refused);
  EXPECT_EQ(align(captioned(film, 130), {}).outcome, AlignOutcome::refused);
  Captions odd;
  for (int i = 0; i < 50; ++i)
    odd.cues.push_back({(50 - i) * 1000, (50 - i) * 1000 + (i % 3 - 1) * 900000, i % 2 == 0 ? "\xff\xf0 [music]" : "a b c"});
  odd.cues.push_back({-86400000, 86400000 * 3, "all day"});
  EXPECT_EQ(align(odd, transcript).outcome, AlignOutcome::refused);
}

TEST(Align, KeepsSoundsWithTheirNeighbours) {
  auto const film = film_of(700, 140);
  auto truth = captioned(film, 140);
  for (std::size_t i = 5; i < truth.cues.size(); i += 9) truth.cues[i].text = "[door slams]";
  auto const found = align(moved(truth, 1, -2000), heard(film, 140));
  ASSERT_EQ(found.outcome, AlignOutcome::moved) << found.reason;
  EXPECT_LT(found.compared, truth.cues.size());
  auto const put = aligned(moved(truth, 1, -2000), found);
  ASSERT_EQ(put.cues.size(), truth.cues.size());
  EXPECT_LT(errors(truth, put).back(), 60);
}

}  // namespace
}  // namespace reelmill
