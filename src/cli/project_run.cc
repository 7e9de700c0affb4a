// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/project_run.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/clock.h"
#include "base/hash.h"
#include "cli/cache_quota.h"
#include "cli/command_line.h"
#include "plan/explain.h"
#include "run/journal.h"

namespace reelmill {

Result<Workspace> workspace_for(OneShot const& one_shot) {
  Hasher id;
  id.add(one_shot.project.name).add(one_shot.project.folder.string());
  for (auto const& source : one_shot.sources) {
    if (one_shot.project.exports.empty()) id.add(source.string());
    for (auto const& target : one_shot.project.exports) id.add(TRY(output_of(one_shot.project, source, target)));
  }
  return Workspace::open_one_shot(one_shot.project.folder, one_shot.project.name + "-" + id.hex());
}

void RunArguments::add_to(CLI::App& app) {
  app.add_option("-j,--jobs", engine_.jobs, "worker processes at once (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  app.add_option("--memory", engine_.memory, "what all workers together may need, as 3G (default: half of the machine's)")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(false));
  app.add_option("--batch", engine_.batch, "chunks a worker renders before it ends (default: by length)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  app.add_flag("--json", json_, "print one JSON object per event");
}

Result<void> run_project(Project const& project, std::vector<std::filesystem::path> const& sources, Workspace const& workspace,
                         EngineOptions engine, Narration const& narration) {
  auto const quota = TRY(cache_quota());
  engine = settled(std::move(engine));
  Store store(workspace);
  Events events;
  Announcer announcer(events, narration.reporting, narration.out);
  if (narration.also) events.subscribe(narration.also);
  auto log = TRY(RunLog::open(workspace));
  engine.receipt = std::filesystem::path(log.path()).replace_extension(".json");
  announcer.keep(std::move(log));
  store.warn_by([&](std::string const& what) { events.emit(Warning{{}, what}); });
  JournalKeeper const journal(events, workspace.journal(),
                              workspace.has_own_cache() ? workspace.cache() : std::filesystem::path());
  double const begin = steady_seconds();
  events.emit(RunStarted{project.name, engine.jobs, engine.memory});
  bool has_made = false;
  events.subscribe([&](Event const& event) { has_made |= std::holds_alternative<UnitDone>(event.what); });
  auto done = run_project(project, sources, store, workspace, events, engine);
  if (quota && has_made) keep_quota(*quota, workspace, store, events);
  events.emit(RunFinished{done.has_value(), steady_seconds() - begin});
  return done;
}

Result<void> run_project(Project const& project, std::vector<std::filesystem::path> const& sources, Workspace const& workspace,
                         RunArguments const& arguments, PlanOptions const& plan) {
  auto engine = arguments.engine();
  engine.plan = plan;
  return run_project(project, sources, workspace, std::move(engine),
                     {.reporting = arguments.json() ? Reporting::json : Reporting::people});
}

void OneShotArguments::add_to(CLI::App& app, OneShotWishes& wishes) {
  app.add_option("IN", wishes.inputs, "films, folders of films, patterns in quotes")->required();
  add_options_to(app, wishes);
}

void OneShotArguments::add_options_to(CLI::App& app, OneShotWishes& wishes) {
  app.add_flag("--overwrite", wishes.overwrite, "replace files that reelmill did not make");
  app.add_flag("--dry-run", is_dry_, "show the plan and do nothing");
  run_arguments_.add_to(app);
}

int OneShotArguments::run(Result<OneShot> const& one_shot) const {
  if (!one_shot) return fail(one_shot.error(), false);
  auto const done = carry_out(*one_shot);
  return done ? 0 : fail(done.error(), false);
}

Result<void> OneShotArguments::carry_out(OneShot const& one_shot) const {
  auto const workspace = TRY(workspace_for(one_shot));
  if (!is_dry_) return run_project(one_shot.project, one_shot.sources, workspace, run_arguments_, {});
  Store store(workspace);
  auto const plans = TRY(plan_project(one_shot.project, one_shot.sources, store, {}));
  if (run_arguments_.json())
    print_json(json_of(plans));
  else
    fmt::print("{}", draw(plans));
  return Done{};
}

}  // namespace reelmill
