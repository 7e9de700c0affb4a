// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/one_shot.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"
#include "project/exports.h"
#include "project/inputs.h"
#include "project/one_shot_places.h"
#include "project/starter.h"
#include "project/steps.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view clean_export = "clean", clean_preset = "as_source";

Error refused(std::string what) { return Error{ErrorKind::usage, std::move(what)}; }

Node scalar(std::string_view text) { return {Node::Kind::scalar, {}, std::string(text), {}, {}}; }

struct Setting {
  std::string_view text, name;  // of an operation or an export
  Entry entry;
};

Result<std::vector<Setting>> parsed(std::vector<std::string> const& texts) {
  std::vector<Setting> out;
  for (std::string_view const text : texts) {
    auto const equals = text.find('='), dot = text.find('.');
    if (equals == std::string_view::npos || dot == std::string_view::npos || dot > equals || dot == 0)
      return refused(fmt::format("--set {}: write NAME.PARAMETER=VALUE, such as grade.brightness=0.1", printable(text)));
    auto const key = trim(text.substr(dot + 1, equals - dot - 1));
    out.push_back({text, trim(text.substr(0, dot)), {std::string(key), {}, scalar(text.substr(equals + 1))}});
  }
  return out;
}

Result<void> check_name(Setting const& setting, std::vector<std::string_view> const& names) {
  if (std::find(names.begin(), names.end(), setting.name) != names.end()) return Done{};
  auto hint = did_you_mean(setting.name, names);
  if (hint.empty()) hint = fmt::format(", there are {}", fmt::join(names, ", "));
  return refused(fmt::format("--set {}: there is no '{}' here{}", printable(setting.text), printable(setting.name), hint));
}

Project const& new_project() {
  static Project const project = read_project(starter_text("clean"), "reelmill.yaml").value();
  return project;
}

std::vector<Step> const& steps_of(Project const& project, Track track) {
  return track == Track::video ? project.video : project.audio;
}

Step const* step_named(Project const& project, Operation const& operation) {
  for (auto const& step : steps_of(project, operation.track))
    if (step.operation == &operation) return &step;
  return nullptr;
}

bool has_param(Operation const& operation, std::string_view name) {
  return std::any_of(operation.params.begin(), operation.params.end(), [&](Param const& param) { return param.name == name; });
}

// The parameters that a new project gives the operation, less those that a setting gives.
void add_standard(Step const& standard, Node& map) {
  auto const defaults = standard.operation->defaults();
  for (auto const& param : standard.operation->params) {
    auto const value = param.read(standard.options);
    bool const is_given =
        std::any_of(map.entries.begin(), map.entries.end(), [&](Entry const& e) { return e.key == param.name; });
    if (!is_given && value != param.read(defaults))
      map.entries.push_back({std::string(param.name), {}, scalar(to_string(value))});
  }
}

Result<void> add_steps(CleanWishes const& wishes, std::vector<Setting> const& settings, Project& project) {
  for (auto const* const operation : operations()) {
    if (operation->track == Track::captions) continue;
    auto const* const standard = step_named(new_project(), *operation);
    Node map{Node::Kind::map, {}, {}, {}, {}};
    std::string_view first;
    for (auto const& setting : settings) {
      if (setting.name != operation->name) continue;
      // A name that works on the picture and on the sound takes what belongs to each.
      auto const elsewhere = std::any_of(operations().begin(), operations().end(), [&](Operation const* other) {
        return other != operation && other->name == operation->name && has_param(*other, setting.entry.key);
      });
      if (elsewhere && !has_param(*operation, setting.entry.key)) continue;
      map.entries.push_back(setting.entry);
      if (first.empty()) first = setting.text;
    }
    auto const choice = wishes.switched.find(std::string(operation->name));
    bool const wanted = choice != wishes.switched.end() ? choice->second : standard != nullptr || !map.entries.empty();
    if (!wanted && !map.entries.empty())
      return refused(
          fmt::format("--set {}: '{}' is switched off, leave out --no-{}", printable(first), operation->name, operation->name));
    if (!wanted) continue;
    if (standard != nullptr) add_standard(*standard, map);
    Node const item{Node::Kind::map, {}, {}, {}, {{std::string(operation->name), {}, std::move(map)}}};
    Mistakes mistakes("--set");
    auto steps = read_steps({Node::Kind::list, {}, {}, {item}, {}}, operation->track, fs::current_path(), mistakes);
    if (!mistakes.empty()) return refused(fmt::format("--set: {}", join(mistakes.texts(), "; ")));
    auto& list = operation->track == Track::video ? project.video : project.audio;
    std::move(steps.begin(), steps.end(), std::back_inserter(list));
  }
  return Done{};
}

Result<std::vector<Export>> read_all(Node const& list, std::string_view option) {
  ExportNames known{shipped_export, {}};
  for (auto const& preset : embedded_presets()) known.names.push_back(preset.name);
  Mistakes mistakes{std::string(option)};
  auto exports = read_exports(list, known, mistakes);
  if (!mistakes.empty()) return refused(fmt::format("{}: {}", option, join(mistakes.texts(), "; ")));
  return exports;
}

Node export_item(std::string_view name, std::vector<Setting> const& settings) {
  Node map{Node::Kind::map, {}, {}, {}, {}};
  for (auto const& setting : settings)
    if (setting.name == name) map.entries.push_back(setting.entry);
  return {Node::Kind::map, {}, {}, {}, {{std::string(name), {}, std::move(map)}}};
}

}  // namespace

bool is_in_clean_up(std::string_view name) {
  for (auto const* steps : {&new_project().video, &new_project().audio})
    for (auto const& step : *steps)
      if (step.operation->name == name) return true;
  return false;
}

Result<OneShot> clean_up(CleanWishes const& wishes) {
  auto const inputs = TRY(find_inputs(wishes.inputs));
  OneShot out;
  auto& project = out.project;
  project.name = clean_export;
  project.may_replace = wishes.overwrite;

  auto const settings = TRY(parsed(wishes.settings));
  std::vector<std::string_view> names{clean_export};
  for (auto const* const operation : operations())
    if (operation->track != Track::captions) names.push_back(operation->name);
  for (auto const& setting : settings) TRY(check_name(setting, names));
  TRY(add_steps(wishes, settings, project));

  auto item = export_item(clean_export, settings);
  auto& map = item.entries.front().value;
  map.entries.insert(map.entries.begin(), {"preset", {}, scalar(clean_preset)});
  fs::path const output = wishes.output;
  bool const folder = is_folder(wishes.output, inputs.size());
  if (!folder && inputs.size() > 1)
    return refused(fmt::format("-o {}: {} films cannot become one file, give a folder ('{}/')", wishes.output, inputs.size(),
                               output.stem().string()));
  std::string option = "--set";
  if (!folder) {
    auto const extension = lower_case(output.extension().string().substr(1));
    auto const given =
        std::find_if(map.entries.begin(), map.entries.end(), [](Entry const& entry) { return entry.key == "container"; });
    if (given == map.entries.end()) map.entries.push_back({"container", {}, scalar(extension)});
    project.output_name = output.filename().string();
    option = "-o " + printable(wishes.output);
  }
  Node list{Node::Kind::list, {}, {}, {item}, {}};
  project.exports = TRY(read_all(list, option));
  project.folder = folder ? TRY(output_folder(wishes.output)) : absolute_folder(output.parent_path());
  project.output = "{name}_{platform}.{ext}";
  out.sources = TRY(sources_of(inputs, project));
  return out;
}

Result<OneShot> export_for(ExportWishes const& wishes) {
  auto const inputs = TRY(find_inputs(wishes.inputs));
  OneShot out;
  auto& project = out.project;
  project.name = "export";
  project.may_replace = wishes.overwrite;
  auto const settings = TRY(parsed(wishes.settings));
  std::vector<std::string_view> const names(wishes.presets.begin(), wishes.presets.end());
  Node list{Node::Kind::list, {}, {}, {}, {}};
  for (auto const name : names) list.items.push_back(scalar(name));
  TRY(read_all(list, "--to"));
  for (auto const& setting : settings) TRY(check_name(setting, names));
  list.items.clear();
  for (auto const name : names) list.items.push_back(export_item(name, settings));
  project.exports = TRY(read_all(list, "--set"));
  project.folder = TRY(output_folder(wishes.output));
  project.output = "{name}_{platform}.{ext}";
  out.sources = TRY(sources_of(inputs, project));
  return out;
}

}  // namespace reelmill
