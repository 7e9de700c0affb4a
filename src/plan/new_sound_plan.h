// SPDX-License-Identifier: GPL-3.0-or-later
// What has to be measured before another recording's sound can be laid under a film: what is in the recording, and how it lies
// against the film's own sound. Then, where it is laid.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/index_stage.h"
#include "plan/new_sound.h"
#include "plan/plan.h"

namespace reelmill {

struct PlacedSound {
  OtherSound sound;
  std::vector<SoundPiece> pieces;
  Rational end;  // of the last piece
};

struct NewSoundPlan {
  std::vector<PlannedStage> stages;
  std::vector<MadeStage> made_of;     // of the stages, with PlanOptions::explain
  std::optional<PlacedSound> placed;  // once all is measured
  std::vector<std::string> notes;
};

struct FilmOfSound {
  std::filesystem::path const& source;
  SourceIndex const& index;
  Rational begin, end;  // of the picture, seconds on the source's clock
};

// A recording that does not match is an error of kind rejected.
Result<NewSoundPlan> plan_new_sound(NewSound const& wish, FilmOfSound const& film, Project const& project, Known const& known,
                                    PlanOptions const& options);

}  // namespace reelmill
