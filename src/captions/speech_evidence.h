// SPDX-License-Identifier: GPL-3.0-or-later
// How much better the speech of a film fits a cue at one place than at any: log-likelihood ratios, in nats. A cue that is right
// begins where speech does, goes on while there is speech, and comes after a rest of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "captions/spoken_cues.h"
#include "graph/transcript.h"

namespace reelmill {

class SpeechEvidence {
 public:
  static constexpr double bin = 10;         // ms
  static constexpr std::int64_t step = 10;  // bins from one offset of a row to the next

  // The islands in any order; they are clipped to the film.
  SpeechEvidence(std::vector<Island> const& islands, std::int64_t length);

  // Of the cue at `ratio` and `offset` ms.
  double score(SpokenCue const& cue, double ratio, double offset) const;
  // Of the cue at the offsets first, first + step, … (bins). Of speech alone, without words.
  void row(SpokenCue const& cue, double ratio, std::int64_t first, std::span<float> out) const;

  std::int64_t bins() const { return bins_; }
  std::vector<double> const& onsets() const { return onsets_; }  // ms, ascending
  // From `at` to the nearest onset, which may lie before it; a large number without one.
  double to_onset(double at) const;

 private:
  struct Shape;  // a cue's parts, in bins
  Shape shape_of(SpokenCue const& cue, double ratio) const;
  using Phases = std::array<std::vector<float>, static_cast<std::size_t>(step)>;

  std::int64_t bins_ = 0;
  std::vector<double> onsets_;
  double share_ = 0.5;  // of the film that is speech
  // Bin b is found at phase b % step, place b / step, so that a row is read without gaps.
  Phases speech_before_, onset_after_rest_, onset_in_flow_;
};

}  // namespace reelmill
