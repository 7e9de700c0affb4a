// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/film_memo.h"

#include "base/disk.h"
#include "base/hash.h"
#include "plan/lower.h"
#include "plan/picture_graph.h"
#include "project/models.h"
#include "project/subtitles.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {
void add(Hasher& hasher, Stamp const& stamp) { hasher.add(stamp.inode).add(stamp.size).add(stamp.mtime_ns).add(stamp.ctime_ns); }

std::optional<std::string> common_inputs(Project const& project, PlanOptions const& options) {
  if (project.file.empty()) return std::nullopt;
  auto const text = read_file(project.file);
  auto const program = stamp_of("/proc/self/exe");
  auto const lowered = lower(project);
  if (!text || !program || !lowered) return std::nullopt;
  Hasher hasher;
  add(hasher, *program);
  hasher.add(*text).add(project.output);
  for (auto const& target : project.exports) hasher.add(target.name);
  // Assets are in their nodes by content; what else a step names counts by its stamp.
  for (auto const& node : lowered->video) {
    hasher.add(settings_of(node));
    if (auto const* const captions = std::get_if<CaptionNode>(&node))
      for (auto const& font : captions->fonts) hasher.add(font.file.hash);
  }
  if (lowered->transcribing)
    if (auto const model = find_model(lowered->transcribing->model))
      if (auto const file = stamp_of(model->file)) add(hasher, *file);
  if (project.subtitles)
    if (auto const profile = stamp_of(project.subtitles->profile)) add(hasher, *profile);
  for (auto const* steps : {&project.video, &project.audio})
    for (auto const& step : *steps)
      for (auto const& param : step.operation->params)
        if (param.form == Form::path)
          if (auto const file = stamp_of(to_string(param.read(step.options)))) add(hasher, *file);
  for (auto const& name : options.without) hasher.add(name);
  hasher.add("libraries");
  for (auto const& [library, build] : options.builds) hasher.add(library).add(build);
  return hasher.hex();
}
}  // namespace

FilmMemo::FilmMemo(Project const& project, PlanOptions const& options, Store& store)
    : project_(project), store_(store), common_(common_inputs(project, options)) {}

// One for each way of asking, so that a draft does not push out what is known of the whole.
std::string FilmMemo::record_of(fs::path const& source) const {
  auto name = "films of " + source.string() + " as " + project_.output;
  for (auto const& target : project_.exports) name += " " + target.name;
  return name;
}

std::optional<std::string> FilmMemo::inputs_of(fs::path const& source) const {
  auto const stamp = stamp_of(source);
  if (!common_ || !stamp) return std::nullopt;
  Hasher hasher;
  hasher.add(*common_).add(source.string());
  add(hasher, *stamp);
  if (!project_.subtitles) return hasher.hex();
  auto const own = caption_file_of(project_, source);
  auto const written = sidecars_of(project_, source);
  if (!own || !written) return std::nullopt;
  auto files = std::vector{*own};
  for (auto const& sidecar : *written) files.push_back(project_.folder / sidecar.file);
  for (auto const& file : files) {
    auto const there = stamp_of(file);
    hasher.add(there.has_value());
    if (there) add(hasher, *there);
  }
  return hasher.hex();
}

std::optional<SourcePlan> FilmMemo::recall(fs::path const& source) const {
  auto const inputs = inputs_of(source);
  if (!inputs) return std::nullopt;
  auto const record = store_.recall(record_of(source));
  if (!record) return std::nullopt;
  SourcePlan plan;
  plan.source = source;
  plan.name = source.stem().string();
  try {
    if (record->at("inputs") != *inputs) return std::nullopt;
    for (auto const& stage : record->at("stages")) {
      auto& planned = plan.stages.emplace_back();
      planned.id = stage.at(0);
      planned.units = stage.at(1);
      planned.state = StageState::cached;
      planned.reason = "nothing changed";
    }
    for (auto const& target : project_.exports) {
      PlannedOutput output{&target, {}, record->at("films").at(target.name)};
      auto file = output_of(project_, source, target);
      if (!file || !store_.has(output.key)) return std::nullopt;
      output.file = *std::move(file);
      output.sound = record->at("sounds").at(target.name);
      plan.outputs.push_back(std::move(output));
    }
  } catch (std::exception const&) {
    return std::nullopt;
  }
  return plan;
}

Result<void> FilmMemo::remember(SourcePlan const& plan) const {
  auto const inputs = inputs_of(plan.source);
  if (!inputs) return {};
  auto films = Json::object(), sounds = Json::object();
  auto stages = Json::array();
  for (auto const& output : plan.outputs) films[output.target->name] = output.key, sounds[output.target->name] = output.sound;
  for (auto const& stage : plan.stages) stages.push_back({stage.id, stage.units});
  return store_.remember(record_of(plan.source), {{"inputs", *inputs}, {"films", films}, {"sounds", sounds}, {"stages", stages}});
}

}  // namespace reelmill
