// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands that work on a project share: where the project file is, which exports, which part of the films.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/plan.h"
#include "project/project.h"

namespace CLI {
class App;
}

namespace reelmill {

// Of a folder or a file in it.
std::filesystem::path project_folder(std::filesystem::path place);

class ProjectArguments {
 public:
  void add_to(CLI::App& app);
  // The project narrowed to `--only`, as a draft, as a preview.
  Result<Project> load() const;
  Result<PlanOptions> plan_options() const;

 private:
  std::string file_ = "reelmill.yaml", from_, to_;
  std::vector<std::string> only_, without_;
  bool draft_ = false;
};

}  // namespace reelmill
