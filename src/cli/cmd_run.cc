// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/project_arguments.h"
#include "cli/project_run.h"

namespace reelmill {

namespace {

Result<void> run_with(ProjectArguments const& settings, RunArguments const& arguments) {
  auto const project = TRY(settings.load());
  auto const plan = TRY(settings.plan_options());
  auto const sources = TRY(find_sources(project));
  return run_project(project, sources, TRY(Workspace::open(project.folder)), arguments, plan);
}

int run(std::vector<std::string> const& arguments) {
  ProjectArguments project;
  RunArguments run_arguments;
  CLI::App app("Make everything a project asks for; what was made before is not made again", "reelmill run");
  project.add_to(app);
  run_arguments.add_to(app);
  if (auto const done = parse_arguments(app, arguments)) return *done;
  auto const done = run_with(project, run_arguments);
  return done ? 0 : fail(done.error(), false);
}

}  // namespace

Command const run_command{"run", "Make everything a project asks for", run,
                          "reelmill run                           # the project in this folder\n"
                          "reelmill run film --only youtube       # one export of the project in 'film'\n"
                          "reelmill run --draft                   # every export half its size, quickly\n"
                          "reelmill run --from 1:30 --to 1:45     # fifteen seconds of every film, to look at"};

}  // namespace reelmill
