// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/project_arguments.h"
#include "plan/explain.h"
#include "run/engine.h"

namespace reelmill {

namespace {

Result<std::vector<SourcePlan>> plans_of(ProjectArguments const& arguments, Project const& project) {
  auto const options = TRY(arguments.plan_options());
  auto const sources = TRY(find_sources(project));
  TRY(check_names(project, sources));
  auto const workspace = TRY(Workspace::open(project.folder));
  Store store(workspace);
  return plan_project(project, sources, store, options);
}

int run(std::vector<std::string> const& arguments) {
  ProjectArguments project_arguments;
  bool json = false, dot = false;
  CLI::App app("Show what 'reelmill run' would do, and why", "reelmill plan");
  project_arguments.add_to(app);
  auto* const as_json = app.add_flag("--json", json, "print one JSON document");
  app.add_flag("--dot", dot, "print a graph for Graphviz")->excludes(as_json);
  if (auto const done = parse_arguments(app, arguments)) return *done;
  auto const project = project_arguments.load();
  if (!project) return fail(project.error(), json);
  auto const plans = plans_of(project_arguments, *project);
  if (!plans) return fail(plans.error(), json);
  if (json) return print_json(json_of(*plans));
  fmt::print("{}", dot ? draw_dot(*plans) : draw(*plans));
  return 0;
}

}  // namespace

Command const plan_command{"plan", "Show what run would do, and why", run,
                           "reelmill plan                        # the project in this folder\n"
                           "reelmill plan film --only youtube\n"
                           "reelmill plan --dot | dot -Tsvg > plan.svg"};

}  // namespace reelmill
