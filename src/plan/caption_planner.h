// SPDX-License-Identifier: GPL-3.0-or-later
// The captions of one source: whether they are a person's own or of what is said in it; then the cues, the fonts they need, and the
// files they are written to.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.h"
#include "captions/cue.h"
#include "graph/transcript.h"
#include "plan/film_captions.h"
#include "plan/lower.h"
#include "plan/plan.h"
#include "plan/transcript_stage.h"

namespace reelmill {

class CaptionPlanner {
 public:
  // All must outlive it; `project` may still change.
  CaptionPlanner(Project const& project, Known const& known, PlanOptions const& options)
      : project_(project), known_(known), options_(options) {}

  // First of all. Own captions are the project's `file`, or a file among those that are written for the source which is not as
  // Reelmill wrote it.
  Result<void> find_own(std::filesystem::path const& source);
  // Whether what is said has to be known.
  bool needs_transcript() const { return project_.subtitles && !own_; }
  // Adds the stage to `plan`, and to `made_of` what it is made of.
  Result<void> plan_transcript(Transcribing const& wish, SpokenSound const& sound, SourcePlan& plan, MadeOf& made_of);

  // Whether everything is there to settle them; also where none are asked for.
  bool is_ready() const { return !project_.subtitles || own_ || transcript_; }
  // Once. Notes and files go to `plan`. `shots` are the beginnings of shots, in milliseconds of the film; `burn` draws the captions,
  // or null.
  Result<void> settle(std::vector<std::int64_t> shots, CaptionNode const* burn, SourcePlan& plan);
  bool is_settled() const { return captions_.has_value(); }

  // Null before they are settled, or where there are none.
  Captions const* captions() const { return captions_ ? &*captions_ : nullptr; }
  FilmCaptions const* drawn() const { return drawn_ ? &*drawn_ : nullptr; }

 private:
  Result<Captions> read_own(std::vector<std::string>& notes) const;
  Result<Captions> lay_out(std::vector<std::int64_t> shots, std::vector<std::string>& notes) const;
  Result<std::vector<PlannedSidecar>> sidecars(std::filesystem::path const& source) const;

  Project const& project_;
  Known const& known_;
  PlanOptions const& options_;
  std::optional<std::filesystem::path> own_;
  std::optional<Transcript> transcript_;
  std::optional<Captions> captions_;
  std::optional<FilmCaptions> drawn_;
};

}  // namespace reelmill
