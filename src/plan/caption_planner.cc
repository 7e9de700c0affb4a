// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/caption_planner.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/text.h"
#include "captions/caption_file.h"
#include "captions/lay_out.h"
#include "captions/tidy.h"
#include "plan/caption_fonts.h"
#include "project/caption_profiles.h"
#include "project/subtitles.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {
// Gaps are counted in frames, which last longest there.
Rational slowest_rate(Project const& project) {
  std::optional<Rational> slowest;
  for (auto const& target : project.exports) {
    auto const rate = target.rate.value_or(project.normalize.rate);
    slowest = slowest ? std::min(*slowest, rate) : rate;
  }
  return slowest.value_or(project.normalize.rate);
}
}  // namespace

Result<void> CaptionPlanner::find_own(fs::path const& source) {
  if (!project_.subtitles) return {};
  if (auto file = TRY(caption_file_of(project_, source)); !file.empty()) {
    own_ = std::move(file);
    return {};
  }
  std::error_code failed;
  for (auto const& sidecar : TRY(sidecars_of(project_, source)))
    if (auto const file = project_.folder / sidecar.file; fs::exists(file, failed) && !known_.has_written(sidecar.file)) {
      own_ = file.lexically_normal();
      return {};
    }
  return {};
}

Result<void> CaptionPlanner::plan_transcript(Transcribing const& wish, SpokenSound const& sound, SourcePlan& plan,
                                             MadeOf& made_of) {
  if (sound.track == nullptr) {
    plan.notes.push_back("no sound: it gets no captions");
    transcript_.emplace();
    return {};
  }
  auto planned = TRY(planned_transcript(wish, sound, known_, options_));
  plan.stages.push_back(std::move(planned.stage));
  std::move(planned.made_of.begin(), planned.made_of.end(), std::back_inserter(made_of.stages));
  transcript_ = std::move(planned.transcript);
  return {};
}

Result<Captions> CaptionPlanner::read_own(std::vector<std::string>& notes) const {
  auto const name = printable(own_->filename().string());
  auto const bytes = read_file(*own_, largest_caption_file);
  if (!bytes) return Error{.kind = ErrorKind::project, .what = fmt::format("the captions: {}", bytes.error().what)};
  auto read = TRY(read_captions(*bytes, name, project_.subtitles->encoding));
  auto mended = tidy(std::move(read.captions));
  for (auto const* const more : {&read.notes, &mended.notes})
    for (auto const& note : *more) notes.push_back(fmt::format("captions of {}: {}", name, note));
  if (project_.subtitles->file.empty())
    notes.insert(notes.begin(), fmt::format("the captions in {} were changed by hand, so they are used as they are; remove the file "
                                            "to have them made anew",
                                            printable(own_->lexically_relative(project_.folder).string())));
  return std::move(mended.captions);
}

Result<Captions> CaptionPlanner::lay_out(std::vector<std::int64_t> shots, std::vector<std::string>& notes) const {
  auto const profile = TRY(caption_profile(project_.subtitles->profile));
  Captions out{transcript_->language, {}};
  auto more = transcript_->notes;
  out.cues = reelmill::lay_out(*transcript_, profile, {slowest_rate(project_), std::move(shots)}, &more);
  for (auto const& note : more) notes.push_back("captions: " + note);
  return out;
}

Result<std::vector<PlannedSidecar>> CaptionPlanner::sidecars(fs::path const& source) const {
  std::vector<PlannedSidecar> out;
  if (!project_.subtitles->writes) return out;
  std::error_code failed;
  for (auto const& sidecar : TRY(sidecars_of(project_, source))) {
    auto const place = (project_.folder / sidecar.file).lexically_normal();
    // Neither what was read nor another one that was changed by hand as well.
    if (own_ && fs::equivalent(place, *own_, failed)) continue;
    bool const is_there = fs::exists(place, failed);
    if (is_there ? !known_.has_written(sidecar.file) : captions_->cues.empty()) continue;
    out.push_back({sidecar.file, captions_text(*captions_, sidecar.format)});
  }
  return out;
}

Result<void> CaptionPlanner::settle(std::vector<std::int64_t> shots, CaptionNode const* burn, SourcePlan& plan) {
  captions_ = TRY(own_ ? read_own(plan.notes) : lay_out(std::move(shots), plan.notes));
  plan.sidecars = TRY(sidecars(plan.source));
  if (burn) drawn_ = TRY(drawn_captions(*captions_, *burn));
  return {};
}

}  // namespace reelmill
