// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "graph/codecs.h"
#include "plan/analysis_stage.h"
#include "plan/as_source.h"
#include "plan/caption_planner.h"
#include "plan/conform.h"
#include "plan/copies.h"
#include "plan/encoders.h"
#include "plan/estimates.h"
#include "plan/index_stage.h"
#include "plan/joins.h"
#include "plan/keys.h"
#include "plan/lower.h"
#include "plan/meets.h"
#include "plan/new_sound_plan.h"
#include "plan/picture_graph.h"
#include "plan/plan.h"
#include "plan/preview.h"
#include "plan/render_stage.h"
#include "plan/sound.h"
#include "plan/task_texts.h"
#include "plan/waiting.h"

namespace reelmill {

namespace {
constexpr int form_of_films = 2;  // to be raised when the same parts are joined into other bytes

class Planner {
 public:
  Planner(Project const& project, std::filesystem::path const& source, Known const& known, PlanOptions const& options)
      : project_(project), known_(known), options_(options) {
    plan_.source = source;
    plan_.name = source.stem().string();
    for (auto const& target : project.exports) plan_.outputs.push_back({&target, {}, {}});
    for (auto& target : project_.exports) target.container = container_of(target, source);
  }

  Result<SourcePlan> run() {
    for (auto& output : plan_.outputs) output.file = TRY(output_of(project_, plan_.source, *output.target));
    lowered_ = TRY(lower(project_));
    TRY(captions_.find_own(plan_.source));
    if (!captions_.needs_transcript()) lowered_.transcribing.reset();
    TRY(check_copies(project_));
    if (!TRY(plan_index())) {
      await_all(plan_, project_, lowered_, "the index");
      return waiting();
    }
    for (auto& target : project_.exports) target = for_source(std::move(target), index_, lowered_.reshape);
    TRY(settle_sound(project_, lowered_, index_));
    if (index_.video.empty() || project_.exports.empty()) return plan_sound_alone();
    TRY(lower_picture());
    film_ = shown(index_);
    if (!TRY(plan_new_sound())) {
      await_all(plan_, project_, lowered_, "the new sound");
      return waiting();
    }
    if (range_) film_ = TRY(part_of(index_, lowered_.speed, *range_));
    TRY(plan_transcript());
    if (graph_.leaves.empty()) return plan_films();
    if (!TRY(plan_analysis())) {
      TRY(plan_copy());
      // The sound need not wait: where the index is right about the picture's beginning and end, as it nearly always is,
      // the same sound is found again; else it is made again.
      TRY(plan_sound(span_of_film()));
      return waiting_for("the analysis");
    }
    film_ = {analysis_.pts.front(), analysis_.end};
    if (range_) film_ = TRY(part_of(analysis_, index_.video.front().time_base / lowered_.speed, *range_));
    if (!options_.without.contains("copy")) met_ = TRY(copy_where_met(project_, index_, analysis_, lowered_, plan_.hints));
    if (!met_.empty()) TRY(lower_picture());
    if (!captions_.is_ready() && burn_node() != nullptr && !graph_.leaves.empty()) {
      TRY(plan_sound(span_of_film()));
      return waiting_for("the transcript");
    }
    TRY(settle_captions());
    if (!graph_.leaves.empty()) plan_render();
    return plan_films();
  }

 private:
  std::string source_name() const { return printable(plan_.source.filename().string()); }
  Key keyed(std::string_view walk) const { return Key(walk, options_.explain); }

  void explain(std::string id, Key const& key) {
    if (options_.explain) made_.stages.push_back({std::move(id), key.fields()});
  }

  // What follows when every picture that is encoded is planned.
  Result<SourcePlan> plan_films() {
    TRY(settle_captions());
    TRY(plan_copy());
    TRY(plan_sound(span_of_film()));
    TRY(plan_joins());
    return std::move(plan_);
  }

  SourcePlan waiting() {
    for (auto& output : plan_.outputs) output.made_of = made_;
    return std::move(plan_);
  }

  SourcePlan waiting_for(std::string const& what) {
    auto const frames = static_cast<std::int64_t>(index_.packets.size());
    await_render(plan_, project_, index_, conform_, estimate_of_render(graph_, conform_, frames, duration()), what);
    return waiting();
  }

  PlannedStage& add_stage(std::string id, Stage stage, std::vector<std::string> keys) {
    return plan_.stages.emplace_back(planned_stage(std::move(id), std::move(stage), std::move(keys)));
  }

  std::vector<std::string> missing(std::vector<std::string> keys) const {
    std::erase_if(keys, [&](auto const& key) { return known_.has(key); });
    return keys;
  }

  Result<bool> plan_index() {
    auto planned = TRY(planned_index("index", plan_.source, keyed("index"), known_, options_.builds));
    explain("source", planned.key);
    plan_.stages.push_back(std::move(planned.stage));
    if (!planned.index) return false;
    index_ = *std::move(planned.index);
    if (!lowered_.new_sound) plan_.notes = sound_notes(project_, index_);
    return true;
  }

  // Where it is laid decides where the film ends, so nothing is rendered before.
  Result<bool> plan_new_sound() {
    if (!lowered_.new_sound) return true;
    auto const tick_of_source = index_.video.front().time_base;
    FilmOfSound const film{plan_.source, index_, Rational(film_.first) * tick_of_source, Rational(film_.end) * tick_of_source};
    auto planned = TRY(reelmill::plan_new_sound(*lowered_.new_sound, film, project_, known_, options_));
    std::move(planned.stages.begin(), planned.stages.end(), std::back_inserter(plan_.stages));
    std::move(planned.made_of.begin(), planned.made_of.end(), std::back_inserter(made_.stages));
    std::move(planned.notes.begin(), planned.notes.end(), std::back_inserter(plan_.notes));
    new_sound_ = std::move(planned.placed);
    if (!new_sound_) return false;
    if (lowered_.new_sound->ends == NewSound::Ends::shorter && new_sound_->end < film.end)
      range_ = ended_by(range_, (new_sound_->end - film.begin) / lowered_.speed);
    return true;
  }

  Result<void> plan_transcript() {
    if (!lowered_.transcribing) return {};
    return captions_.plan_transcript(*lowered_.transcribing, spoken_sound(), plan_, made_);
  }

  // The one that the film gets.
  SpokenSound spoken_sound() const {
    auto const* const track = chosen_track(index_, project_.normalize.language);
    auto const begin = has_picture_ ? Rational(shown(index_).first) * index_.video.front().time_base : track->start;
    if (!new_sound_) return {plan_.source.string(), track, begin, {}, begin, lowered_.speed};
    auto const& sound = new_sound_->sound;
    return {sound.track.source, &sound.info, sound.track.start, new_sound_->pieces, begin, lowered_.speed};
  }

  CaptionNode const* burn_node() const {
    for (auto const& node : lowered_.video)
      if (auto const* const captions = std::get_if<CaptionNode>(&node)) return captions;
    return nullptr;
  }

  Result<void> settle_captions() {
    if (!project_.subtitles || !captions_.is_ready() || captions_.is_settled()) return {};
    return captions_.settle(shots_of(analysis_, tick()), burn_node(), plan_);
  }

  Result<bool> plan_analysis() {
    auto planned = TRY(planned_analysis(plan_.source, index_, lowered_, keyed("analysis"), known_, options_.builds));
    explain("analysis", planned.key);
    plan_.stages.push_back(std::move(planned.stage));
    borders_ = std::move(planned.borders);
    if (!planned.analysis) return false;
    analysis_ = *std::move(planned.analysis);
    return true;
  }

  Result<void> lower_picture() {
    conform_ = conform_of(index_.video.front(), nullptr, lowered_);
    graph_ = TRY(reelmill::lower_picture(project_, index_.video.front(), {lowered_.video, lowered_.timings, lowered_.drawn}));
    if (!options_.without.contains("common")) graph_ = pass_common(std::move(graph_));
    if (!options_.without.contains("share")) graph_ = pass_share(graph_);
    return {};
  }

  void plan_render() {
    conform_ = conform_of(index_.video.front(), &analysis_, lowered_);
    Footage footage{index_, analysis_, borders_, lowered_, graph_};
    if (range_) footage.part = film_;
    footage.captions = captions_.drawn();
    auto planned = planned_render(plan_.source, project_, footage, conform_, keyed("video"), known_, options_.builds);
    plan_.stages.push_back(std::move(planned.stage));
    chunk_keys_ = std::move(planned.keys);
    made_of_chunks_ = std::move(planned.made_of);
  }

  Result<void> plan_copy() {
    auto const names = names_of_copies(project_);
    if (names.empty()) return {};
    copied_ = TRY(copied_for(project_.exports, plan_.source, index_, film_));
    if (graph_.leaves.empty()) film_.end = copied_.end;
    auto& stage = copied_.stage;
    auto const key = copy_key(keyed("copy"), index_.video.front(), stage, options_.builds);
    stage.key = key.hex();
    made_of_copy_.stages = {{"copy", key.fields()}};
    auto& planned = add_stage("copy", stage, missing({stage.key}));
    if (planned.stage) {
      planned.state = StageState::copy;
      planned.reason = met_.empty()
                           ? "asked for"
                           : fmt::format("the source meets {} as it is, {}", fmt::join(met_, ", "), picture_text(index_));
    }
    planned.tasks = {copy_task(names)};
    planned.inputs = {source_name(), "index"};
    planned.outputs = {"packets"};
    planned.total = static_cast<double>(stage.packets);
    planned.media_seconds = duration().value();
    planned.memory = 64 << 20;
    expect(planned, estimate_of_copy(copied_.bytes));
    return {};
  }

  // How long a unit of the source's time stamps lasts in the film.
  Rational tick() const { return (has_picture_ ? index_.video.front().time_base : Rational(1)) / lowered_.speed; }
  Rational duration() const { return Rational(film_.end - film_.first) * tick(); }

  // The sound ends with the last frame of the longest export.
  Span span_of_film() const {
    auto const tick = index_.video.front().time_base;
    auto const begin = analysis_.pts.empty() ? shown(index_).first : analysis_.pts.front();
    Span span{Rational(film_.first) * tick, longest_of(graph_, duration()), Rational(film_.first - begin) * tick / lowered_.speed,
              whole_length(index_, analysis_, lowered_.speed)};
    if (!names_of_copies(project_).empty()) span.duration = std::max(span.duration, duration());
    if (new_sound_ && lowered_.new_sound->ends == NewSound::Ends::all && !range_)
      span.duration = std::max(span.duration, (new_sound_->end - span.start) / lowered_.speed);
    if (new_sound_ && lowered_.new_sound->ends == NewSound::Ends::shorter)
      span.whole = std::min(span.whole, (new_sound_->end - Rational(begin) * tick) / lowered_.speed);
    if (!project_.range) span.whole = span.duration;
    return span;
  }

  Result<void> plan_sound(Span const& span) {
    auto const* const track = new_sound_ ? &new_sound_->sound.info : chosen_track(index_, project_.normalize.language);
    auto encodes = sound_encodes(project_, lowered_.channels, has_picture_);
    if (track == nullptr || (encodes.empty() && !project_.measures)) return {};
    auto const begun = keyed("audio").add("content of the sound", track->identity);
    auto stage = sound_stage(project_, lowered_, *track, span, std::move(encodes), begun, options_.builds,
                             new_sound_ ? new_sound_->pieces : std::vector<SoundPiece>());
    stage.source = new_sound_ ? new_sound_->sound.track.source : plan_.source.string();
    std::vector<std::string> keys;
    for (auto const& encode : stage.encodes) keys.push_back(encode.key);
    if (project_.measures) keys.push_back(plan_.measurement = stage.measure);
    sound_ = stage.encodes;
    for (auto const& encode : sound_)
      if (options_.explain) made_of_sound_[encode.key] = sound_key(begun, stage, encode, options_.builds).fields();
    auto const wanted = missing(keys);
    auto const is_made = [&](auto const& key) { return std::find(wanted.begin(), wanted.end(), key) == wanted.end(); };
    std::erase_if(stage.encodes, [&](auto const& encode) { return is_made(encode.key); });
    if (is_made(stage.measure)) stage.measure.clear();
    auto& planned = add_stage("sound", stage, wanted);
    planned.units = keys.size();
    planned.tasks = sound_conversions(lowered_, *track);
    for (auto& task : sound_tasks(project_, lowered_, has_picture_)) planned.tasks.push_back(std::move(task));
    planned.inputs = {std::filesystem::path(stage.source).filename().string()};
    planned.outputs = {fmt::format("{} sound{}", sound_.size(), sound_.size() == 1 ? "" : "s")};
    planned.total = planned.media_seconds = stage.duration.value();
    planned.cost = planned.media_seconds * 0.05;
    for (auto const& encode : stage.encodes) planned.disk += sound_bytes(encode, planned.media_seconds);
    planned.disk_least = planned.disk / 2 + working_bytes(stage);
    planned.disk += working_bytes(stage);
    planned.memory = memory_of(stage);
    return {};
  }

  // Without a picture every export holds the sound alone, from its first sample to its last. Without exports it is measured.
  Result<SourcePlan> plan_sound_alone() {
    has_picture_ = false;
    if (lowered_.new_sound)
      return Error{.kind = ErrorKind::media,
                   .what = fmt::format("planning {}: it has no picture, and replace_audio is for films", source_name())};
    auto const* const track = chosen_track(index_, project_.normalize.language);
    if (track == nullptr)
      return Error{.kind = ErrorKind::media, .what = fmt::format("planning {}: it has no sound to measure", source_name())};
    TRY(plan_transcript());
    TRY(settle_captions());
    if (!project_.exports.empty()) plan_.notes.insert(plan_.notes.begin(), "no picture: the exports hold its sound alone");
    Span span{track->start, track->duration / lowered_.speed, {}, track->duration / lowered_.speed};
    if (project_.range) span = TRY(part_of(span, lowered_.speed, *project_.range));
    TRY(plan_sound(span));
    for (std::size_t i = 0; i < project_.exports.size(); ++i) {
      auto const& target = project_.exports[i];
      if (auto const wrong = obstacle_to_sound_alone(target))
        return Error{.kind = ErrorKind::media,
                     .what = fmt::format("planning {}: it has no picture, and {}; leave export '{}' out for it", source_name(),
                                         *wrong, target.name)};
      TRY(plan_join(i, {.sound = sound_of(target)}, {}, span.duration, span.duration.value(), 0));
    }
    return std::move(plan_);
  }

  // The made one of an export's kind; null: it has none.
  AudioEncode const* sound_of(Export const& target) const {
    if (sound_.empty() || !target.has_sound) return nullptr;
    auto const wanted = sound_for(project_, lowered_.channels, target, has_picture_);
    return &*std::find_if(sound_.begin(), sound_.end(), [&](auto const& encode) { return is_same_sound(encode, wanted); });
  }

  JoinParts parts_of(std::size_t leaf) const {
    JoinParts parts;
    for (auto const& keys : chunk_keys_)
      if (!keys[leaf].empty()) parts.chunks.push_back(keys[leaf]);
    parts.picture = &encode_named(graph_, graph_.leaves[leaf].node);
    parts.sound = sound_of(project_.exports[graph_.leaves[leaf].target]);
    return parts;
  }

  void note_parts(PlannedOutput& output, MadeOf const& picture, AudioEncode const* sound) const {
    if (sound && lowered_.loudness) output.sound = sound->key;
    if (!options_.explain) return;
    output.made_of = picture;
    output.made_of.stages.insert(output.made_of.stages.begin(), made_.stages.begin(), made_.stages.end());
    if (sound) output.made_of.stages.push_back({"sound", made_of_sound_.at(sound->key)});
  }

  Result<MuxStage> join(PlannedOutput& output, Export const& target, JoinParts const& parts) const {
    auto begun = keyed("mux");
    begun.add("form", form_of_films).add(options_.builds, libraries_of_join());
    auto join = TRY(join_of(std::move(begun), target, parts, holds_captions(target) ? captions_.captions() : nullptr, known_));
    output.key = join.stage.key;
    if (options_.explain) output.made_of.stages.push_back({"join", join.key.fields()});
    return std::move(join.stage);
  }

  bool holds_captions(Export const& target) const {
    return project_.subtitles && project_.subtitles->track && has_picture_ && !container_named(target.container)->captions.empty();
  }

  bool are_made(JoinParts const& parts) const {
    return std::all_of(parts.chunks.begin(), parts.chunks.end(), known_.has) && (!parts.sound || known_.has(parts.sound->key));
  }

  Result<void> plan_joins() {
    std::size_t leaf = 0;
    for (std::size_t i = 0; i < project_.exports.size(); ++i) {
      if (auto const& target = project_.exports[i]; target.copies()) {
        JoinParts const parts{{copied_.stage.key}, nullptr, &copied_, sound_of(target)};
        TRY(plan_join(i, parts, made_of_copy_, duration(), static_cast<double>(copied_.stage.packets), copied_.bytes));
        continue;
      }
      auto const parts = parts_of(leaf);
      auto const variant = static_cast<std::size_t>(graph_.leaves[leaf].variant);
      TRY(plan_join(i, parts, options_.explain ? made_of_chunks_[leaf] : MadeOf{}, duration(),
                    static_cast<double>(round(duration() * parts.picture->rate)),
                    encoded_bytes(*parts.picture, variant, duration())));
      ++leaf;
    }
    return {};
  }

  // `total` is in frames, or in seconds of a film that is sound alone; `bytes` of picture.
  Result<void> plan_join(std::size_t at, JoinParts const& parts, MadeOf const& picture, Rational length, double total,
                         std::int64_t bytes) {
    auto& output = plan_.outputs[at];
    auto const& target = project_.exports[at];
    note_parts(output, picture, parts.sound);
    bool const ready = are_made(parts) && (captions_.is_settled() || !holds_captions(target));
    MuxStage stage;
    if (ready) stage = TRY(join(output, target, parts));
    if (ready && stage.video.empty() && stage.audio.empty())
      return Error{.kind = ErrorKind::media,
                   .what = fmt::format("planning {}: it has no picture, and its sound is empty", source_name())};
    auto& planned = add_stage("join " + target.name, stage, ready ? missing({stage.key}) : std::vector<std::string>());
    planned.tasks = {"mux " + target.container};
    if (!target.edit_lists) planned.tasks.push_back("no edit lists");
    planned.inputs = join_inputs(project_, target, &index_);
    planned.outputs = {output.file};
    planned.total = total;
    planned.media_seconds = length.value();
    planned.memory = 96 << 20;  // a third of it waits at the seams
    expect(planned, estimate_of_join(bytes, parts.sound, length));
    output.disk_least = planned.disk_least;
    if (!ready) {
      planned.state = StageState::waiting;
      planned.reason = "waits for its parts";
    }
    return {};
  }

  Project project_;  // its exports as they are for this source, once the index is known
  Known const& known_;
  PlanOptions const& options_;
  SourcePlan plan_;
  Lowered lowered_;
  SourceIndex index_;
  SourceAnalysis analysis_;
  std::optional<TimeRange> range_ = project_.range;  // the part of the film that is made; nothing: all of it
  std::optional<PlacedSound> new_sound_;
  CaptionPlanner captions_{project_, known_, options_};
  Shown film_;  // as the analysis says, or until then the index
  std::vector<Border> borders_;
  Conform conform_;
  PictureGraph graph_;
  std::vector<std::vector<std::string>> chunk_keys_;  // for each chunk, for each leaf; empty: it shows no frame
  std::vector<std::string> met_;                      // exports that copy because the source meets them
  CopiedPicture copied_;                              // where an export copies
  MadeOf made_of_copy_;
  std::vector<AudioEncode> sound_;
  MadeOf made_;                         // what all outputs have in common
  std::vector<MadeOf> made_of_chunks_;  // by leaf
  std::map<std::string, KeyFields> made_of_sound_;
  bool has_picture_ = true;  // until the index says otherwise
};
}  // namespace

Result<SourcePlan> plan_source(Project const& project, std::filesystem::path const& source, Known const& known,
                               PlanOptions const& options) {
  // Results come from disk and from workers that read hostile files.
  try {
    return Planner(project, source, known, options).run();
  } catch (std::overflow_error const&) {
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("planning {}: its time stamps lead beyond every clock; remux the file first",
                                     printable(source.filename().string()))};
  } catch (std::exception const&) {
    return Error{.kind = ErrorKind::failed,
                 .what = fmt::format(
                     "planning {}: a cached result is damaged; `reelmill cache verify` removes what is damaged; then run again",
                     printable(source.filename().string()))};
  }
}

}  // namespace reelmill
