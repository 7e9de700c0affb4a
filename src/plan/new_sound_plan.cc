// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/new_sound_plan.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "plan/sound.h"

namespace reelmill {

namespace {
constexpr double seconds_decoded_a_second = 200;
constexpr std::int64_t bytes_a_second = 40'000;   // of sound, of both recordings together, in the worker's memory
constexpr std::int64_t offset_steps = 1'000'000;  // to a second

class NewSoundPlanner {
 public:
  NewSoundPlanner(NewSound const& wish, FilmOfSound const& film, Project const& project, Known const& known,
                  PlanOptions const& options)
      : wish_(wish), film_(film), project_(project), known_(known), options_(options) {}

  Result<NewSoundPlan> run() {
    auto index = TRY(planned_index("index of the new sound", wish_.file, begun("index"), known_, options_.builds));
    add("new sound", index.key, std::move(index.stage));
    if (!index.index) return std::move(plan_);
    auto const other = TRY(other_sound(wish_.file, *index.index, project_.normalize.language));
    if (wish_.offset)
      return placed(other, pieces_at(Rational(std::llround(*wish_.offset * offset_steps), offset_steps), film_.begin, other),
                    nullptr);
    auto const finding = TRY(compare(other));
    if (!finding) return std::move(plan_);
    return placed(other, pieces_of(*finding, film_.begin, other, project_.normalize.sample_rate), &*finding);
  }

 private:
  Key begun(std::string_view walk) const { return Key(walk, options_.explain); }

  void add(std::string id, Key const& key, PlannedStage stage) {
    if (options_.explain) plan_.made_of.push_back({std::move(id), key.fields()});
    plan_.stages.push_back(std::move(stage));
  }

  Result<std::optional<SyncFinding>> compare(OtherSound const& other) {
    auto const* const own = chosen_track(film_.index, project_.normalize.language);
    if (own == nullptr)
      return Error{
          .kind = ErrorKind::media,
          .what = fmt::format("planning {}: it has no sound that the new one could be compared with; give 'offset' as a time",
                              film_.source.filename().string())};
    SyncStage stage{{}, {film_.source.string(), own->stream, film_.begin}, other.track};
    auto const key = sync_key(begun("sync"), *own, stage.a, other, options_.builds);
    stage.key = key.hex();
    auto const result = known_.result(stage.key);
    auto planned = planned_stage("sync", stage, result ? std::vector<std::string>() : std::vector{stage.key});
    planned.tasks = {"decode both sounds", "find offset, drift and cuts"};
    planned.inputs = {film_.source.filename().string(), std::filesystem::path(wish_.file).filename().string()};
    planned.outputs = {"offset"};
    planned.total = planned.media_seconds = (own->duration + other.length).value();
    planned.cost = 1 + planned.media_seconds / seconds_decoded_a_second;
    planned.memory = (128 << 20) + static_cast<std::int64_t>(planned.media_seconds) * bytes_a_second;
    add("sync", key, std::move(planned));
    if (!result) return std::optional<SyncFinding>();
    auto finding = result->at("sync").get<SyncFinding>();
    if (finding.outcome == SyncOutcome::refused || finding.segments.empty())
      return Error{
          .kind = ErrorKind::rejected,
          .what = fmt::format("matching {} with {}: {} (confidence {:.2f}); `reelmill sync --plot` shows it, or give 'offset' "
                              "as a time",
                              printable(std::filesystem::path(wish_.file).filename().string()),
                              printable(film_.source.filename().string()), finding.reason, finding.confidence)};
    return std::optional(std::move(finding));
  }

  Result<NewSoundPlan> placed(OtherSound const& other, std::vector<SoundPiece> pieces, SyncFinding const* finding) {
    auto const end = end_of(pieces, film_.begin);
    if (std::all_of(pieces.begin(), pieces.end(), [&](SoundPiece const& piece) { return piece.from >= film_.end; }))
      return Error{.kind = ErrorKind::media,
                   .what = fmt::format("planning {}: the film is over before the new sound begins; check 'offset'",
                                       film_.source.filename().string())};
    if (end <= film_.begin)
      return Error{.kind = ErrorKind::media,
                   .what = fmt::format("planning {}: the new sound is over before the film begins; check 'offset'",
                                       film_.source.filename().string())};
    plan_.notes = new_sound_notes(wish_, finding, film_.end, end);
    plan_.placed = PlacedSound{other, std::move(pieces), end};
    return std::move(plan_);
  }

  NewSound const& wish_;
  FilmOfSound const& film_;
  Project const& project_;
  Known const& known_;
  PlanOptions const& options_;
  NewSoundPlan plan_;
};
}  // namespace

Result<NewSoundPlan> plan_new_sound(NewSound const& wish, FilmOfSound const& film, Project const& project, Known const& known,
                                    PlanOptions const& options) {
  return NewSoundPlanner(wish, film, project, known, options).run();
}

}  // namespace reelmill
