// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/speech_evidence.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace reelmill {

namespace {
// How cues lie in films that they belong to. What detectors and captioners do differs a good deal, so nothing here is sharp.
constexpr double begins_after_rest = 0.65, begins_in_flow = 0.35;  // of cues begin at an onset
constexpr double a_rest = 250;                                     // ms without a cue
constexpr double near = 110, far = 350, near_share = 0.75;         // ms: how far from it
constexpr double spoken_share = 0.85, rest_share = 0.3;            // of a cue, and of a rest, is speech
constexpr double look = 1000;                                      // ms of speech or silence that tell as much as one look
constexpr double worth = 0.6;  // of a look: what is heard in one second is hardly news in the next
constexpr double longest_rest = 2000;
constexpr std::int64_t early = 50;     // ms by which islands begin before what people call the beginning: a detector's margin
constexpr double least_onsets = 0.05;  // a second
constexpr double outside = -0.3;       // nats: of a cue that lies before or behind the film
constexpr std::int64_t margin = 3000;  // bins around the film

double normal(double x, double deviation) {
  return std::exp(-0.5 * x * x / (deviation * deviation)) / (deviation * std::sqrt(2 * std::numbers::pi));
}
}  // namespace

struct SpeechEvidence::Shape {
  std::int64_t begin = 0, end = 0, rest_from = 0, rest_to = 0;
  float speech_weight = 0, rest_weight = 0, constant = 0;
  Phases const* onset = nullptr;
};

SpeechEvidence::SpeechEvidence(std::vector<Island> const& islands, std::int64_t length)
    : bins_(std::max<std::int64_t>(1, length / static_cast<std::int64_t>(bin))) {
  auto const padded = static_cast<std::size_t>((bins_ + 2 * margin) / step + 2);
  std::vector<std::int8_t> speaks(static_cast<std::size_t>(bins_), 0);
  auto const clipped = [&](std::int64_t ms) { return std::clamp<std::int64_t>(ms / static_cast<std::int64_t>(bin), 0, bins_); };
  for (auto const& island : islands) {
    auto const from = clipped(island.from), to = clipped(island.to);
    if (to <= from) continue;
    std::fill(speaks.begin() + from, speaks.begin() + to, std::int8_t{1});
    onsets_.push_back(static_cast<double>(std::min(island.from + early, island.to)));
  }
  std::sort(onsets_.begin(), onsets_.end());
  share_ = std::clamp(static_cast<double>(std::count(speaks.begin(), speaks.end(), 1)) / static_cast<double>(bins_), 0.05, 0.97);

  double const density = std::max(least_onsets / 1000, static_cast<double>(onsets_.size()) / (static_cast<double>(bins_) * bin));
  float before = 0;
  for (auto* phases : {&speech_before_, &onset_after_rest_, &onset_in_flow_})
    for (auto& phase : *phases) phase.assign(padded, 0);
  std::size_t next = 0;
  for (std::int64_t b = -margin; b < bins_ + margin; ++b) {
    auto const phase = static_cast<std::size_t>((b + margin) % step), place = static_cast<std::size_t>((b + margin) / step);
    speech_before_[phase][place] = before;
    if (b >= 0 && b < bins_) before += speaks[static_cast<std::size_t>(b)];
    double const at = static_cast<double>(b) * bin;
    while (next + 1 < onsets_.size() && std::abs(onsets_[next + 1] - at) <= std::abs(onsets_[next] - at)) ++next;
    double const distance = onsets_.empty() ? 1e9 : onsets_[next] - at;
    double const odds = (near_share * normal(distance, near) + (1 - near_share) * normal(distance, far)) / density;
    onset_after_rest_[phase][place] = static_cast<float>(std::log(1 - begins_after_rest + begins_after_rest * odds));
    onset_in_flow_[phase][place] = static_cast<float>(std::log(1 - begins_in_flow + begins_in_flow * odds));
  }
}

double SpeechEvidence::to_onset(double at) const {
  auto const after = std::lower_bound(onsets_.begin(), onsets_.end(), at);
  double best = 1e9;
  if (after != onsets_.end()) best = *after - at;
  if (after != onsets_.begin() && at - *(after - 1) < std::abs(best)) best = *(after - 1) - at;
  return best;
}

SpeechEvidence::Shape SpeechEvidence::shape_of(SpokenCue const& cue, double ratio) const {
  auto const bins_of = [](double ms) { return static_cast<std::int64_t>(std::lround(ms / bin)); };
  Shape out;
  out.begin = bins_of(ratio * cue.from);
  out.end = out.begin + std::max<std::int64_t>(1, bins_of(ratio * cue.speech));
  out.onset = cue.rest >= a_rest ? &onset_after_rest_ : &onset_in_flow_;
  // What is said in a cue: so many looks at bins that are speech with one chance or the other.
  double const with = std::max(spoken_share, share_ + 0.5 * (1 - share_));
  double const looks = worth * std::clamp(cue.speech / look, 0.5, 3.0);
  double const yes = std::log(with / share_), no = std::log((1 - with) / (1 - share_));
  out.speech_weight = static_cast<float>(looks * (yes - no) / static_cast<double>(out.end - out.begin));
  double constant = looks * no;
  if (cue.rest >= 2 * a_rest) {
    double const length = std::min(cue.rest, longest_rest);
    out.rest_to = out.begin - bins_of(a_rest / 2);
    out.rest_from = out.begin - bins_of(length);
    double const quiet = std::min(rest_share, 0.6 * share_);
    double const rest_looks = worth * length / look;
    double const rest_yes = std::log(quiet / share_), rest_no = std::log((1 - quiet) / (1 - share_));
    out.rest_weight = static_cast<float>(rest_looks * (rest_yes - rest_no) / static_cast<double>(out.rest_to - out.rest_from));
    constant += rest_looks * rest_no;
  }
  out.constant = static_cast<float>(constant);
  return out;
}

void SpeechEvidence::row(SpokenCue const& cue, double ratio, std::int64_t first, std::span<float> out) const {
  std::fill(out.begin(), out.end(), static_cast<float>(outside));
  auto const shape = shape_of(cue, ratio);
  auto const count = static_cast<std::int64_t>(out.size());
  auto const up = [](std::int64_t value) { return value <= 0 ? -(-value / step) : (value + step - 1) / step; };
  auto const from = std::clamp<std::int64_t>(up(-shape.begin - first), 0, count);
  auto const to = std::clamp<std::int64_t>(up(bins_ - shape.begin - first), from, count);
  if (from == to) return;
  auto const at = [&](Phases const& phases, std::int64_t b) {
    auto const place = b + first + from * step + margin;
    return phases[static_cast<std::size_t>(place % step)].data() + place / step;
  };
  auto const *onset = at(*shape.onset, shape.begin), *begin = at(speech_before_, shape.begin),
             *end = at(speech_before_, shape.end);
  auto const n = static_cast<std::size_t>(to - from);
  auto* const row = out.data() + from;
  for (std::size_t k = 0; k < n; ++k) row[k] = onset[k] + shape.speech_weight * (end[k] - begin[k]) + shape.constant;
  if (shape.rest_weight == 0) return;
  auto const *rest_from = at(speech_before_, shape.rest_from), *rest_to = at(speech_before_, shape.rest_to);
  for (std::size_t k = 0; k < n; ++k) row[k] += shape.rest_weight * (rest_to[k] - rest_from[k]);
}

double SpeechEvidence::score(SpokenCue const& cue, double ratio, double offset) const {
  float out = 0;
  row(cue, ratio, static_cast<std::int64_t>(std::lround(offset / bin)), {&out, 1});
  return static_cast<double>(out);
}

}  // namespace reelmill
