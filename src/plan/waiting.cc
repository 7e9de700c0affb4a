// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/waiting.h"

#include "base/text.h"
#include "plan/sound.h"
#include "plan/task_texts.h"

namespace reelmill {

namespace {
class Waiting {
 public:
  Waiting(SourcePlan& plan, Project const& project, std::string const& for_what)
      : plan_(plan), project_(project), reason_("waits for " + for_what) {}

  PlannedStage& add(std::string id, std::string walk, std::vector<std::string> tasks, std::vector<std::string> inputs,
                    std::vector<std::string> outputs) {
    auto& stage = plan_.stages.emplace_back();
    stage.id = std::move(id);
    stage.walk = std::move(walk);
    stage.tasks = std::move(tasks);
    stage.inputs = std::move(inputs);
    stage.outputs = std::move(outputs);
    stage.reason = reason_;
    return stage;
  }

  PlannedStage& add_render(std::vector<std::string> tasks) {
    for (auto& text : render_tasks(project_)) tasks.push_back(std::move(text));
    return add("render", "video", std::move(tasks), {source_name(), "analysis"}, {"chunks"});
  }

  void add_joins(SourceIndex const* index) {
    for (std::size_t i = 0; i < plan_.outputs.size(); ++i) {
      auto const& target = project_.exports[i];
      add("join " + target.name, "mux", {"mux " + target.container}, join_inputs(project_, target, index),
          {plan_.outputs[i].file});
    }
  }

  std::string source_name() const { return printable(plan_.source.filename().string()); }

 private:
  SourcePlan& plan_;
  Project const& project_;
  std::string reason_;
};
}  // namespace

void await_all(SourcePlan& plan, Project const& project, Lowered const& lowered, std::string const& for_what) {
  Waiting waiting(plan, project, for_what);
  auto const source = waiting.source_name();
  auto const copies = names_of_copies(project);
  if (lowered.transcribing) waiting.add("transcript", "transcript", {"find speech", "transcribe"}, {source}, {"transcript"});
  if (copies.size() < project.exports.size()) {
    waiting.add("analysis", "analysis", analysis_tasks(lowered), {source, "index"}, {"analysis"});
    waiting.add_render({});
  }
  if (!copies.empty()) waiting.add("copy", "copy", {copy_task(copies)}, {source, "index"}, {"packets"});
  waiting.add("sound", "audio", sound_tasks(project, lowered, true), {source}, {"sound"});
  waiting.add_joins(nullptr);
}

void await_render(SourcePlan& plan, Project const& project, SourceIndex const& index, Conform const& conform,
                  Estimate const& render, std::string const& for_what) {
  Waiting waiting(plan, project, for_what);
  expect(waiting.add_render(conform_tasks(project, index, conform)), render);
  waiting.add_joins(&index);
}

std::vector<std::string> join_inputs(Project const& project, Export const& target, SourceIndex const* index) {
  if (index && index->video.empty()) return {"sound"};
  std::string const picture = target.copies() ? "packets" : "chunks";
  bool const has_other = !project.audio.empty() && project.audio.front().operation->name == "replace_audio";
  bool const is_silent = index && !has_other && chosen_track(*index, project.normalize.language) == nullptr;
  if (is_silent || !target.has_sound) return {picture};
  return {picture, "sound"};
}

}  // namespace reelmill
