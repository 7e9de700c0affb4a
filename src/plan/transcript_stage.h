// SPDX-License-Identifier: GPL-3.0-or-later
// What is said in a film: the stage that hears it, or the transcript where an earlier run made it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/transcript.h"
#include "plan/made_of.h"
#include "plan/plan.h"

namespace reelmill {

// The sound that is transcribed, and how its clock lies to the film's.
struct SpokenSound {
  std::string file;                  // absolute
  AudioStreamInfo const* track;      // null: there is none
  Rational start;                    // where transcribing begins, on the file's clock
  std::vector<SoundPiece> pieces{};  // of another recording; on the clock of the film's source
  Rational film_begin{0};            // on that clock
  Rational speed{1};
};

// How many windows of a sound a worker may hear at once, whatever the stage says; each takes memory.
inline constexpr int most_windows_at_once = 4;

struct PlannedTranscript {
  PlannedStage stage;
  std::vector<MadeStage> made_of;        // with PlanOptions::explain
  std::optional<Transcript> transcript;  // on the film's clock; nothing: the stage is to run
};
// There must be a track. A model that is not there one of kind missing.
Result<PlannedTranscript> planned_transcript(Transcribing const& wish, SpokenSound const& sound, Known const& known,
                                             PlanOptions const& options);

}  // namespace reelmill
