// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/project_arguments.h"

#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "project/variants.h"

namespace reelmill {

namespace {

Result<void> narrow(Project& project, std::vector<std::string> const& only) {
  if (only.empty()) return Done{};
  std::vector<std::string_view> names;
  for (auto const& target : project.exports) names.push_back(target.name);
  for (auto const& name : only)
    if (std::find(names.begin(), names.end(), name) == names.end())
      return Error{.kind = ErrorKind::usage,
                   .what = fmt::format("--only: the project has no export '{}'{}", printable(name), did_you_mean(name, names))};
  std::erase_if(project.exports,
                [&](Export const& target) { return std::find(only.begin(), only.end(), target.name) == only.end(); });
  return Done{};
}

}  // namespace

std::filesystem::path project_folder(std::filesystem::path place) {
  std::error_code failed;
  return std::filesystem::is_regular_file(place, failed) ? std::filesystem::absolute(place, failed).parent_path() : place;
}

void ProjectArguments::add_to(CLI::App& app) {
  app.add_option("PROJECT", file_, "the project file, or its folder")->capture_default_str();
  app.add_option("--only", only_, "this export only; may be given several times")->type_name("EXPORT")->allow_extra_args(false);
  app.add_flag("--draft", draft_, "half the size, quickly made, to 02_output/draft; nothing is delivered");
  app.add_option("--from", from_, "a preview from here, 90 or 1:30.5, to 02_output/preview; nothing is delivered")
      ->type_name("TIME");
  app.add_option("--to", to_, "a preview up to here")->type_name("TIME");
  app.add_option("--without", without_, "switch a planning pass off: common, copy, share")
      ->type_name("PASS")
      ->allow_extra_args(false);
}

Result<Project> ProjectArguments::load() const {
  std::filesystem::path file = file_;
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) file /= "reelmill.yaml";
  auto project = TRY(load_project(file));
  TRY(narrow(project, only_));
  if (draft_) project = TRY(draft_of(std::move(project)));
  if (from_.empty() && to_.empty()) return project;
  TimeRange range;
  if (!from_.empty()) range.from = TRY(parse_time(from_, "--from"));
  if (!to_.empty()) range.to = TRY(parse_time(to_, "--to"));
  if (range.to && *range.to <= range.from)
    return Error{ErrorKind::usage, fmt::format("--to {}: that is not after --from {}", to_, from_.empty() ? "0" : from_)};
  return preview_of(std::move(project), range, draft_);
}

Result<PlanOptions> ProjectArguments::plan_options() const {
  PlanOptions options;
  auto const passes = switchable_passes();
  for (auto const& name : without_) {
    if (std::find(passes.begin(), passes.end(), name) == passes.end())
      return Error{.kind = ErrorKind::usage,
                   .what = fmt::format("--without: there is no pass '{}'{}", printable(name), did_you_mean(name, passes))};
    options.without.insert(name);
  }
  return options;
}

}  // namespace reelmill
