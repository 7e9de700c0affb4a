// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/spoken_cues.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>

#include "base/text.h"
#include "captions/characters.h"

namespace reelmill {

namespace {
constexpr double per_character = 1000.0 / 14;  // ms; slow readers take longer, and then less of the cue is looked at
constexpr double least_speech = 600, most_speech = 8000;

char32_t take_character(std::string_view& text) {
  auto const [point, bytes] = first_character(text);
  text.remove_prefix(bytes);
  return point;
}

// Of the alphabets that have cases and are often captioned.
char32_t lower(char32_t c) {
  if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
    return c + 0x20;
  if (c >= 0x400 && c <= 0x40f) return c + 0x50;
  if (c >= 0x100 && c <= 0x137) return c | 1;
  return c;
}
bool is_word_character(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  if (c < 0xc0 || c == 0xd7 || c == 0xf7) return false;
  return !(c >= 0x2000 && c <= 0x2bff) && !(c >= 0x3000 && c <= 0x303f) && !(c >= 0xff00 && c <= 0xff0f) && c != 0xfeff;
}
bool is_a_word_itself(char32_t c) { return (c >= 0x2e80 && c <= 0x9fff) || (c >= 0xe00 && c <= 0xe7f) || c >= 0x20000; }
bool is_apostrophe(char32_t c) { return c == '\'' || c == 0x2019; }

// Without what stands in brackets and lines of songs.
std::string spoken_part(std::string_view text) {
  std::string out;
  constexpr std::string_view notes[] = {"\u266a", "\u266b", "#"};
  for (auto const line : split(text, '\n')) {
    auto const trimmed = trim(line);
    if (std::any_of(std::begin(notes), std::end(notes), [&](auto note) { return trimmed.starts_with(note); })) continue;
    int depth = 0;
    for (auto const c : line) {
      if (c == '[' || c == '(') ++depth;
      if (depth == 0) out += c;
      if ((c == ']' || c == ')') && depth > 0) --depth;
    }
    out += '\n';
  }
  return out;
}

struct Token {
  std::uint64_t hash = 0;
  std::size_t cue = 0;
  double at = 0;  // film: ms; captions: ms after the cue's beginning
  bool is_first = false;
};
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t out = 0xcbf29ce484222325;
  for (auto const c : text) out = (out ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return out;
}
std::uint64_t joined(std::uint64_t a, std::uint64_t b) { return (a * 0x9e3779b97f4a7c15 + 0x7f4a7c15) ^ (b + (a >> 29)); }

std::vector<Token> tokens_of(Transcript const& film) {
  std::vector<Token> out;
  for (auto const& segment : film.segments)
    for (auto const& word : segment.words) {
      auto const parts = words_of(word.text);
      for (std::size_t i = 0; i < parts.size(); ++i)
        out.push_back({hash_of(parts[i]), 0,
                       static_cast<double>(word.from) +
                           static_cast<double>(word.to - word.from) * static_cast<double>(i) / static_cast<double>(parts.size()),
                       false});
    }
  return out;
}

// Runs of so many words, by their hash → where they begin in the film. What comes more often says nothing.
using Runs = std::unordered_map<std::uint64_t, std::vector<std::size_t>>;
constexpr std::size_t most_places = 4;
constexpr double longest_pause = 4000;  // ms within a run

std::uint64_t run_hash(std::vector<Token> const& tokens, std::size_t at, std::size_t length) {
  std::uint64_t out = length;
  for (std::size_t i = 0; i < length; ++i) out = joined(out, tokens[at + i].hash);
  return out;
}
Runs runs_of(std::vector<Token> const& film, std::size_t length) {
  Runs out;
  for (std::size_t at = 0; at + length <= film.size(); ++at)
    if (film[at + length - 1].at - film[at].at < longest_pause) out[run_hash(film, at, length)].push_back(at);
  return out;
}

void hear(SpokenCue& cue, HeardAt const& place) {
  constexpr double most = 8, same = 600;  // nats, ms
  for (auto& known : cue.heard)
    if (std::abs(known.begin - place.begin) < same) {
      if (place.width < known.width) known.begin = place.begin, known.width = place.width;
      known.weight = std::min(most, known.weight + place.weight);
      return;
    }
  cue.heard.push_back(place);
}
}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  auto const end = [&] {
    if (!word.empty()) out.push_back(std::move(word));
    word.clear();
  };
  while (!text.empty()) {
    auto const c = lower(take_character(text));
    if (is_apostrophe(c)) continue;
    if (!is_word_character(c)) {
      end();
    } else if (is_a_word_itself(c)) {
      end();
      append_utf8(word, c);
      end();
    } else {
      append_utf8(word, c);
    }
  }
  end();
  return out;
}

std::vector<SpokenCue> spoken_cues(Captions const& captions, std::vector<std::size_t> const& order) {
  std::vector<SpokenCue> out;
  double last_end = -1e9;
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto const& cue = captions.cues[order[i]];
    auto const words = words_of(spoken_part(cue.text));
    if (words.empty() || cue.to <= cue.from) continue;
    std::size_t letters = 0;
    for (auto const& word : words) letters += word.size() + 1;
    auto const from = static_cast<double>(cue.from), to = static_cast<double>(cue.to);
    // Several at once are one to the ear.
    constexpr double at_once = 40;
    if (!out.empty() && from - out.back().from < at_once) {
      last_end = std::max(last_end, to);
      continue;
    }
    double const speech = std::clamp(static_cast<double>(letters) * per_character, least_speech, most_speech);
    out.push_back({i, from, to, std::min(speech, to - from), std::max(0.0, from - last_end)});
    last_end = std::max(last_end, to);
  }
  return out;
}

void find_words(std::vector<SpokenCue>& cues, Captions const& captions, std::vector<std::size_t> const& order,
                Transcript const& film) {
  auto const heard = tokens_of(film);
  if (heard.empty()) return;
  std::vector<Token> written;
  for (std::size_t i = 0; i < cues.size(); ++i) {
    auto const words = words_of(spoken_part(captions.cues[order[cues[i].index]].text));
    double letters = 0, before = 0;
    for (auto const& word : words) letters += static_cast<double>(word.size() + 1);
    for (auto const& word : words) {
      written.push_back({hash_of(word), i, cues[i].speech * before / letters, before == 0});
      before += static_cast<double>(word.size() + 1);
    }
  }
  struct Kind {
    std::size_t length;
    double weight;
  };
  for (auto const kind : {Kind{3, 4}, Kind{2, 2.5}}) {
    auto const runs = runs_of(heard, kind.length);
    for (std::size_t at = 0; at + kind.length <= written.size(); ++at) {
      auto const found = runs.find(run_hash(written, at, kind.length));
      if (found == runs.end() || found->second.size() > most_places) continue;
      auto const& token = written[at];
      for (auto const place : found->second)
        hear(cues[token.cue],
             {heard[place].at - token.at, 150 + 0.3 * token.at, kind.weight / static_cast<double>(found->second.size())});
    }
  }
}

}  // namespace reelmill
