// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/clock.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/project_arguments.h"
#include "report/announcer.h"
#include "run/engine.h"

namespace reelmill {

namespace {

struct Settings {
  ProjectArguments project;
  EngineOptions engine;
  bool json = false;
};

Result<void> run_with(Settings const& settings) {
  auto const project = TRY(settings.project.load());
  auto engine = settings.engine;
  engine.plan = TRY(settings.project.plan_options());
  engine = settled(std::move(engine));
  auto const sources = TRY(find_sources(project));
  auto const workspace = TRY(Workspace::open(project.folder));
  Store store(workspace);
  Events events;
  Announcer announcer(events, settings.json ? Reporting::json : Reporting::people);
  announcer.keep(TRY(RunLog::open(workspace)));
  double const begin = steady_seconds();
  events.emit(RunStarted{project.name, engine.jobs, engine.memory});
  auto done = run_project(project, sources, store, workspace, events, engine);
  events.emit(RunFinished{done.has_value(), steady_seconds() - begin});
  return done;
}

int run(std::vector<std::string> const& arguments) {
  Settings settings;
  CLI::App app("Make everything a project asks for; what was made before is not made again", "reelmill run");
  settings.project.add_to(app);
  std::string memory;
  app.add_option("-j,--jobs", settings.engine.jobs, "worker processes at once (default: one per core)")
      ->check(CLI::Range(1, 1024));
  app.add_option("--memory", settings.engine.memory, "what all workers together may need, as 3G (default: half of the machine's)")
      ->transform(CLI::AsSizeValue(false));
  app.add_option("--batch", settings.engine.batch, "chunks a worker renders before it ends (default: by length)")
      ->check(CLI::Range(1, 1000));
  app.add_flag("--json", settings.json, "print one JSON object per event");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  auto const done = run_with(settings);
  return done ? 0 : fail(done.error(), false);
}

}  // namespace

Command const run_command{"run", "Make everything a project asks for", run};

}  // namespace reelmill
