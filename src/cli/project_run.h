// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands that run work share: how much at a time, how it is told, and the run itself.
#pragma once

#include <cstdio>
#include <filesystem>
#include <functional>
#include <vector>

#include "base/result.h"
#include "project/one_shot.h"
#include "report/announcer.h"
#include "run/engine.h"

namespace CLI {
class App;
}

namespace reelmill {

class RunArguments {
 public:
  void add_to(CLI::App& app);
  bool json() const { return json_; }
  EngineOptions engine() const { return engine_; }

 private:
  EngineOptions engine_;
  bool json_ = false;
};

// How a run is told, and who else listens.
struct Narration {
  Reporting reporting = Reporting::people;
  std::FILE* out = stdout;
  std::function<void(Event const&)> also{};
};
Result<void> run_project(Project const& project, std::vector<std::filesystem::path> const& sources, Workspace const& workspace,
                         EngineOptions engine, Narration const& narration);
// With progress for people, or one JSON object per event.
Result<void> run_project(Project const& project, std::vector<std::filesystem::path> const& sources, Workspace const& workspace,
                         RunArguments const& arguments, PlanOptions const& plan);

// The place of a one-shot's work: the same command takes up its own leftovers, and another one may run at the same time.
Result<Workspace> workspace_for(OneShot const& one_shot);

// The arguments that all one-shots share, and the run in a workspace of its own.
class OneShotArguments {
 public:
  // IN, --overwrite, --dry-run and those of RunArguments; `wishes` outlives the parsing.
  void add_to(CLI::App& app, OneShotWishes& wishes);
  // The same without IN.
  void add_options_to(CLI::App& app, OneShotWishes& wishes);
  // Exit status, after the run or with --dry-run after what it would do.
  int run(Result<OneShot> const& one_shot) const;

 private:
  Result<void> carry_out(OneShot const& one_shot) const;

  RunArguments run_arguments_;
  bool is_dry_ = false;
};

}  // namespace reelmill
