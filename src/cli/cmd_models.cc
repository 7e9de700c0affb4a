// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "project/models.h"

namespace reelmill {

namespace {

std::string_view kind_of(ModelFile const& model) { return model.kind == ModelKind::voice ? "voice" : "whisper"; }

std::string languages_of(ModelFile const& model) {
  if (model.kind == ModelKind::voice) return "finds where somebody speaks";
  return model.is_english ? "English" : "many languages";
}

Json json_of(std::vector<ModelFile> const& models) {
  auto folders = Json::array(), list = Json::array();
  for (auto const& folder : model_folders()) folders.push_back(folder.string());
  for (auto const& model : models) {
    Json one{{"name", model.name}, {"kind", kind_of(model)}, {"file", model.file.string()}, {"bytes", model.size}};
    one["languages"] = model.kind == ModelKind::voice ? Json() : Json(model.is_english ? "en" : "all");
    one["fault"] = model.fault.empty() ? Json() : Json(model.fault);
    list.push_back(std::move(one));
  }
  return {{"folders", std::move(folders)}, {"models", std::move(list)}};
}

int run(std::vector<std::string> const& arguments) {
  bool json = false;
  CLI::App app(
      "List the models for speech that are here, say whether their files are whole, and where others go. Ends with 1 when a file "
      "is damaged",
      "reelmill models");
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  auto const models = found_models();
  bool const is_well = std::all_of(models.begin(), models.end(), [](ModelFile const& model) { return model.fault.empty(); });
  int const status = is_well ? 0 : exit_code_of(ErrorKind::rejected);
  if (json) {
    print_json(json_of(models));
    return status;
  }
  for (auto const& model : models)
    fmt::print("  {:18} {:>9}  {:28} {}\n", printable(model.name), human_bytes(model.size),
               model.fault.empty() ? languages_of(model) : "DAMAGED: " + model.fault, printable(model.file.string()));
  if (models.empty()) fmt::print("there are no models; `scripts/setup --speech` fetches base, tiny.en and a voice detector\n");
  fmt::print("\nothers go as ggml-NAME.bin, in whisper.cpp's format, into one of\n");
  std::error_code ignored;
  for (auto const& folder : model_folders())
    fmt::print("  {}{}\n", printable(folder.string()), std::filesystem::is_directory(folder, ignored) ? "" : "  (not there yet)");
  return status;
}

}  // namespace

Command const models_command{"models", "List the models for speech, and where others go", run,
                             "reelmill models\n"
                             "reelmill models --json"};

}  // namespace reelmill
