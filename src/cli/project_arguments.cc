// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/project_arguments.h"

#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"

namespace reelmill {

void ProjectArguments::add_to(CLI::App& app) {
  app.add_option("PROJECT", file_, "the project file, or its folder")->capture_default_str();
  app.add_option("--only", only_, "this export only; may be given several times")->type_name("EXPORT");
  app.add_option("--without", without_, "switch a planning pass off: common, share")->type_name("PASS");
}

Result<Project> ProjectArguments::load() const {
  std::filesystem::path file = file_;
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) file /= "reelmill.yaml";
  auto project = TRY(load_project(file));
  if (only_.empty()) return project;
  std::vector<std::string_view> names;
  for (auto const& target : project.exports) names.push_back(target.name);
  for (auto const& name : only_)
    if (std::find(names.begin(), names.end(), name) == names.end())
      return Error{.kind = ErrorKind::usage,
                   .what = fmt::format("--only: the project has no export '{}'{}", printable(name), did_you_mean(name, names))};
  std::erase_if(project.exports,
                [&](Export const& target) { return std::find(only_.begin(), only_.end(), target.name) == only_.end(); });
  return project;
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
