// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/transcript_text.h"

#include <utility>

namespace reelmill {

namespace {
constexpr std::int64_t rest_of_paragraph = 2000;  // ms

double seconds(std::int64_t ms) { return static_cast<double>(ms) / 1000; }
}  // namespace

Json json_of(Transcript const& transcript) {
  auto segments = Json::array();
  for (auto const& segment : transcript.segments) {
    auto words = Json::array();
    for (auto const& word : segment.words)
      words.push_back(
          {{"start", seconds(word.from)}, {"end", seconds(word.to)}, {"text", word.text}, {"confidence", word.confidence}});
    segments.push_back({{"start", seconds(segment.from)},
                        {"end", seconds(segment.to)},
                        {"text", segment.text},
                        {"confidence", segment.confidence},
                        {"words", std::move(words)}});
  }
  auto speech = Json::array();
  for (auto const& island : transcript.islands) speech.push_back({{"start", seconds(island.from)}, {"end", seconds(island.to)}});
  return {{"language", transcript.language},
          {"duration", seconds(transcript.length)},
          {"segments", std::move(segments)},
          {"speech", std::move(speech)},
          {"notes", transcript.notes}};
}

std::string plain_text(Transcript const& transcript) {
  std::string text;
  std::int64_t end = 0;
  for (auto const& segment : transcript.segments) {
    if (!text.empty() && segment.from - end >= rest_of_paragraph) text += '\n';
    text += segment.text + '\n';
    end = segment.to;
  }
  return text;
}

}  // namespace reelmill
