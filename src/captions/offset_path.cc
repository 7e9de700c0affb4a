// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/offset_path.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace reelmill {

namespace {
// A change is as rare as one in four hundred cues, and goes to any offset.
constexpr double rareness = 6;
constexpr std::size_t lanes = 16;
constexpr double spread = 3;  // of a heard word's width that is looked at
}  // namespace

OffsetPath best_path(SpeechEvidence const& evidence, std::span<SpokenCue const> cues, double ratio, bool with_words) {
  OffsetPath out;
  if (cues.empty()) return out;
  constexpr auto step = SpeechEvidence::step;
  constexpr double step_ms = static_cast<double>(step) * SpeechEvidence::bin;
  auto const first = -static_cast<std::int64_t>(std::ceil(ratio * cues.back().from / step_ms)) * step;
  auto const last = evidence.bins() - static_cast<std::int64_t>(ratio * cues.front().from / SpeechEvidence::bin);
  // In whole lanes, so that the loops below become vectors.
  auto const wanted = static_cast<std::size_t>(std::max<std::int64_t>(1, (last - first) / step + 1));
  auto const count = (wanted + lanes - 1) / lanes * lanes;
  auto const change = static_cast<float>(std::log(static_cast<double>(count)) + rareness);

  std::vector<float> row(count), total(count, 0);
  std::vector<std::int32_t> since(count, 0);
  // Where the best path lies after each cue, and since which cue it does.
  std::vector<std::size_t> best_at(cues.size());
  std::vector<std::int32_t> best_since(cues.size());
  float best = 0;
  for (std::size_t i = 0; i < cues.size(); ++i) {
    evidence.row(cues[i], ratio, first, row);
    if (with_words)
      for (auto const& heard : cues[i].heard) {
        double const middle = (heard.begin - ratio * cues[i].from) / step_ms - static_cast<double>(first / step);
        double const width = heard.width / step_ms;
        auto const from = static_cast<std::int64_t>(std::max(0.0, std::ceil(middle - spread * width)));
        auto const to =
            std::min(static_cast<std::int64_t>(count) - 1, static_cast<std::int64_t>(std::floor(middle + spread * width)));
        for (auto k = from; k <= to; ++k) {
          double const away = (static_cast<double>(k) - middle) / width;
          row[static_cast<std::size_t>(k)] += static_cast<float>(heard.weight * std::exp(-0.5 * away * away));
        }
      }
    auto const now = static_cast<std::int32_t>(i);
    float const changed = i == 0 ? 0 : best - change;
    std::array<float, lanes> most;
    most.fill(std::numeric_limits<float>::lowest());
    for (std::size_t k = 0; k < count; k += lanes)
      for (std::size_t j = k; j < k + lanes; ++j) {
        float const stays = total[j];
        bool const changes = changed > stays;
        float const sum = (changes ? changed : stays) + row[j];
        total[j] = sum;
        since[j] = changes ? now : since[j];
        most[j - k] = sum > most[j - k] ? sum : most[j - k];
      }
    best = *std::max_element(most.begin(), most.end());
    auto const at = static_cast<std::size_t>(std::find(total.begin(), total.end(), best) - total.begin());
    best_at[i] = at, best_since[i] = since[at];
  }
  out.score = static_cast<double>(best);
  out.offsets.resize(cues.size());
  for (auto end = cues.size(); end > 0;) {
    auto const begin = static_cast<std::size_t>(best_since[end - 1]);
    double const offset = static_cast<double>(first + static_cast<std::int64_t>(best_at[end - 1]) * step) * SpeechEvidence::bin;
    std::fill(out.offsets.begin() + static_cast<std::ptrdiff_t>(begin), out.offsets.begin() + static_cast<std::ptrdiff_t>(end),
              offset);
    end = begin;
  }
  return out;
}

}  // namespace reelmill
