// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/words.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "speech/note_text.h"

namespace reelmill::speech {

namespace {
constexpr std::int64_t shortest_word = 20;     // ms
constexpr std::int64_t far_from_speech = 700;  // ms between a word and the nearest island
constexpr std::int64_t rest_between_segments = 1500;
constexpr std::int64_t reach_of_onsets = 90;  // ms to either side
constexpr std::int64_t late_after_island = 500;
constexpr double disagreement_allowed = 250, disagreement_of_half = 1000;  // ms

constexpr std::array<std::string_view, 9> opening{"(", "[", "{", "\"", "¿", "¡", "“", "«", "‘"};

bool is_opening(std::string_view text) { return std::find(opening.begin(), opening.end(), text) != opening.end(); }

// False in the middle of a character, which tokens may be cut in.
bool is_whole(std::string_view text) { return is_utf8(text); }

bool is_sign(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return std::ispunct(static_cast<unsigned char>(c)) != 0; });
}

// Full stops and commas of languages without spaces.
bool is_wide_sign(std::string_view text) {
  constexpr std::array<std::string_view, 12> signs{"。", "、", "，", "！", "？", "：", "；", "」", "』", "）", "”", "…"};
  return std::find(signs.begin(), signs.end(), text) != signs.end();
}

// Invalid bytes become the replacement character, so that everything after this is UTF-8.
std::string mended(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto const length = utf8_length(text);
    out += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

struct Placed {
  std::size_t raw = 0, island = 0;
  std::int64_t from = 0, to = 0;
  double confidence = 0;
};

// How much two intervals share; less than 0: how far they are apart.
std::int64_t overlap(std::int64_t from, std::int64_t to, Island const& island) {
  return std::min(to, island.to) - std::max(from, island.from);
}

double agreement(RawWord const& word) {
  if (word.begun < 0 || word.said < 0) return 1;
  double const apart = std::abs(static_cast<double>(word.from + word.to - word.begun - word.said)) / 2;
  return 1 / (1 + std::max(0.0, apart - disagreement_allowed) / disagreement_of_half);
}

class Placer {
 public:
  Placer(std::vector<RawWord> const& words, Window const& window, LoudnessCurve const& curve)
      : words_(words), window_(window), curve_(curve) {}

  std::vector<Placed> place(std::vector<std::string>& notes) {
    for (std::size_t i = 0; i < words_.size(); ++i) take(i, notes);
    for (std::size_t first = 0; first < placed_.size();) {
      auto end = first;
      while (end < placed_.size() && placed_[end].island == placed_[first].island) ++end;
      settle(first, end);
      first = end;
    }
    return std::move(placed_);
  }

 private:
  void take(std::size_t i, std::vector<std::string>& notes) {
    auto const& word = words_[i];
    auto const begin = word.begun >= 0 ? word.begun : word.from, end = std::max(begin, word.said >= 0 ? word.said : word.to);
    Placed placed{.raw = i,
                  .from = sound_time(window_, begin, Edge::begin),
                  .to = sound_time(window_, end, Edge::end),
                  .confidence = word.probability * agreement(word)};
    placed.to = std::max(placed.to, placed.from);
    auto const first = placed_.empty() ? 0 : placed_.back().island;
    placed.island = first;
    for (auto at = first; at < window_.islands.size(); ++at)
      if (overlap(placed.from, placed.to, window_.islands[at]) > overlap(placed.from, placed.to, window_.islands[placed.island]))
        placed.island = at;
    if (-overlap(placed.from, placed.to, window_.islands[placed.island]) > far_from_speech) {
      notes.push_back(fmt::format("{}: '{}' was left out: nobody speaks there", clock_text(placed.from), word.text));
      return;
    }
    placed_.push_back(placed);
  }

  // The words of one island, [first, end) of placed_.
  void settle(std::size_t first, std::size_t end) {
    auto const& island = window_.islands[placed_[first].island];
    auto const count = static_cast<std::int64_t>(end - first);
    auto const room = std::min(shortest_word, (island.to - island.from) / count);
    for (auto i = first; i < end; ++i) {
      auto& word = placed_[i];
      // What the detector calls speech begins with the first word, unless that comes much later.
      if (i == first && word.from < island.from + late_after_island)
        word.from = curve_.first_sound(island.from, std::min(island.to, std::max(word.to, island.from + late_after_island)));
      else
        word.from = curve_.rise_near(word.from, reach_of_onsets);
    }
    // From both ends, so that each keeps some room inside of the island.
    auto least = island.from;
    for (auto i = first; i < end; ++i) {
      auto const last = island.to - room * static_cast<std::int64_t>(end - i);
      placed_[i].from = std::clamp(placed_[i].from, std::min(least, last), std::max(least, last));
      least = placed_[i].from + room;
    }
    for (auto i = first; i < end; ++i) {
      auto const next = i + 1 < end ? placed_[i + 1].from : island.to;
      placed_[i].to = std::clamp(placed_[i].to, std::min(placed_[i].from + room, next), next);
    }
    // A voice detector lets go late, and so does the model's attention.
    auto& last = placed_[end - 1];
    if (auto const heard = curve_.last_sound(last.from, island.to); std::abs(heard - last.to) < late_after_island)
      last.to = std::clamp(heard, std::min(last.from + room, island.to), island.to);
  }

  std::vector<RawWord> const& words_;
  Window const& window_;
  LoudnessCurve const& curve_;
  std::vector<Placed> placed_;
};

double mean_confidence(std::vector<Word> const& words) {
  double sum = 0;
  for (auto const& word : words) sum += word.confidence;
  return words.empty() ? 0 : sum / static_cast<double>(words.size());
}

double rounded(double confidence) { return std::round(std::clamp(confidence, 0.0, 1.0) * 1000) / 1000; }
}  // namespace

bool has_spaces(std::string_view language) {
  constexpr std::array<std::string_view, 8> without{"zh", "ja", "th", "lo", "my", "yue", "km", "bo"};
  return std::find(without.begin(), without.end(), language) == without.end();
}

std::vector<RawWord> join_tokens(std::vector<Token> const& tokens, std::string_view language) {
  bool const spaced = has_spaces(language);
  std::vector<RawWord> words;
  double logs = 0;
  int count = 0;
  std::int64_t before = -1;
  bool begins_segment = false, joins = false;
  for (auto const& token : tokens) {
    auto const bare = trim(token.text);
    begins_segment = begins_segment || token.begins_segment;
    bool const continues =
        !words.empty() && (!is_whole(words.back().text) || is_sign(token.text) || is_wide_sign(token.text) ||
                           (spaced && !token.text.empty() && token.text.front() != ' ' && !token.begins_segment));
    if (bare.empty()) continue;
    if (!continues && !joins) {
      words.push_back({.from = token.from, .begun = before, .begins_segment = begins_segment});
      begins_segment = false;
      logs = 0;
      count = 0;
    }
    auto& word = words.back();
    word.text += word.text.empty() || joins ? bare : std::string_view(token.text);
    joins = is_opening(word.text);
    word.to = token.to;
    word.said = token.said;
    // Signs are a matter of taste, whatever the word is.
    if (!is_sign(bare) && !is_wide_sign(bare)) {
      logs += std::log(std::max(token.probability, 1e-6));
      ++count;
    }
    word.probability = count > 0 ? std::exp(logs / count) : token.probability;
    before = token.said;
  }
  for (auto& word : words) word.text = mended(trim(word.text));
  return words;
}

std::vector<Segment> place_words(std::vector<RawWord> const& words, Window const& window, LoudnessCurve const& curve,
                                 std::string_view language, std::vector<std::string>& notes) {
  std::vector<Segment> segments;
  if (window.islands.empty()) return segments;
  std::size_t last = 0;
  for (auto const& placed : Placer(words, window, curve).place(notes)) {
    bool begins = segments.empty() || placed.from - segments.back().words.back().to > rest_between_segments;
    for (auto raw = last; raw <= placed.raw; ++raw) begins = begins || words[raw].begins_segment;
    last = placed.raw + 1;
    if (begins) segments.emplace_back();
    auto& segment = segments.back();
    auto const& text = words[placed.raw].text;
    if (!segment.text.empty() && has_spaces(language)) segment.text += ' ';
    segment.text += text;
    segment.words.push_back({placed.from, placed.to, text, rounded(placed.confidence)});
  }
  for (auto& segment : segments) {
    segment.from = segment.words.front().from;
    segment.to = segment.words.back().to;
    segment.confidence = rounded(mean_confidence(segment.words));
  }
  return segments;
}

}  // namespace reelmill::speech
