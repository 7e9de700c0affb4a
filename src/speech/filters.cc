// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/filters.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "base/text.h"
#include "speech/note_text.h"

namespace reelmill::speech {

namespace {
constexpr double most_repetition = 2.4;  // as OpenAI's own limit of the compression ratio
constexpr std::size_t judged_from = 40;  // bytes: shorter texts say little about repetition
constexpr double least_log_probability = -1;
constexpr double unsure_log_probability = -0.7, probably_silent = 0.6;
constexpr double most_letters_a_second = 45;  // the fastest speakers come to 30
constexpr std::size_t repeats_allowed = 2;

// Letters and digits in lower case, everything else one space: what a text says, however it is written.
std::string gist_of(std::string_view text) {
  std::string out;
  for (unsigned char const c : text) {
    bool const is_letter = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_letter)
      out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}
}  // namespace

// Lempel and Ziv's dictionary of 1978: as many phrases as a text has, each told by the number of an earlier one and a letter.
double repetition(std::string_view text) {
  if (text.empty()) return 0;
  std::unordered_set<std::string> known;
  std::string phrase;
  double phrases = 0;
  for (char const c : text) {
    phrase += c;
    if (!known.insert(phrase).second) continue;
    phrase.clear();
    ++phrases;
  }
  if (!phrase.empty()) ++phrases;
  return 8.0 * static_cast<double>(text.size()) / (phrases * (std::log2(phrases + 1) + 5));
}

std::optional<std::string> doubt(Heard const& heard, double seconds_of_speech) {
  std::string text;
  for (auto const& token : heard.tokens) text += token.text;
  if (heard.log_probability < least_log_probability) return "the model is too unsure of it";
  if (heard.no_speech > probably_silent && heard.log_probability < unsure_log_probability) return "probably nothing is said";
  if (text.size() >= judged_from && repetition(text) > most_repetition) return "it repeats itself";
  if (static_cast<double>(characters_in(text)) > 10 + most_letters_a_second * seconds_of_speech) return "nobody speaks so fast";
  return {};
}

void drop_inventions(Transcript& transcript) {
  std::vector<Segment> kept;
  std::string last;
  std::size_t times = 0;
  auto const drop = [&](Segment const& segment, std::string_view why) {
    transcript.notes.push_back(fmt::format("{}: '{}' was left out: {}", clock_text(segment.from), segment.text, why));
  };
  for (auto& segment : transcript.segments) {
    auto const gist = gist_of(segment.text);
    times = gist == last ? times + 1 : 1;
    last = gist;
    double const seconds = static_cast<double>(segment.to - segment.from) / 1000;
    if (gist.empty())
      drop(segment, "it has no words");
    else if (times > repeats_allowed && gist.find(' ') != std::string::npos)
      drop(segment, "it repeats what was said before");
    else if (static_cast<double>(characters_in(segment.text)) > 10 + most_letters_a_second * seconds)
      drop(segment, "nobody speaks so fast");
    else
      kept.push_back(std::move(segment));
  }
  transcript.segments = std::move(kept);
}

}  // namespace reelmill::speech
