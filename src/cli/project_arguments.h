// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands that work on a project share: where the project file is, which exports, which passes.
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

class ProjectArguments {
 public:
  void add_to(CLI::App& app);
  // The project narrowed to `--only`.
  Result<Project> load() const;
  Result<PlanOptions> plan_options() const;

 private:
  std::string file_ = "reelmill.yaml";
  std::vector<std::string> only_, without_;
};

}  // namespace reelmill
