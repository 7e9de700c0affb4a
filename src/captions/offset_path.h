// SPDX-License-Identifier: GPL-3.0-or-later
// The offsets at which cues fit best, one after another, where each change costs. Any offset is looked at, for every cue.
#pragma once

#include <span>
#include <vector>

#include "captions/speech_evidence.h"
#include "captions/spoken_cues.h"

namespace reelmill {

struct OffsetPath {
  double score = 0;             // nats, what the changes cost taken off
  std::vector<double> offsets;  // ms, of each cue
};

// `with_words`: what is `heard` of the cues counts too.
OffsetPath best_path(SpeechEvidence const& evidence, std::span<SpokenCue const> cues, double ratio, bool with_words);

}  // namespace reelmill
