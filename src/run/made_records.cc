// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/made_records.h"

namespace reelmill {

namespace {
std::string name_of(Project const& project, std::string const& output) { return "made of " + output_id(project, output); }
}  // namespace

std::string output_id(Project const& project, std::string const& output) {
  return project.file.empty() ? (project.folder / output).string() : output;
}

Result<void> remember_made(Store& store, Project const& project, SourcePlan const& plan, double when) {
  for (auto const& output : plan.outputs)
    if (!output.key.empty())
      TRY(store.remember(name_of(project, output.file),
                         {{"when", when}, {"key", output.key}, {"made_of", json_of(output.made_of)}}));
  return {};
}

std::optional<MadeRecord> recall_made(Store const& store, Project const& project, std::string const& output) {
  auto const record = store.recall(name_of(project, output));
  if (!record || !record->is_object() || !record->contains("made_of")) return std::nullopt;
  MadeRecord made;
  if (auto const when = record->find("when"); when != record->end() && when->is_number()) made.when = when->get<double>();
  if (auto const key = record->find("key"); key != record->end() && key->is_string()) made.key = key->get<std::string>();
  made.made_of = made_of_json((*record)["made_of"]);
  return made;
}

}  // namespace reelmill
