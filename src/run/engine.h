// SPDX-License-Identifier: GPL-3.0-or-later
// A whole project: plans each source, runs what the plan asks for, plans again with what was measured, and publishes the
// finished files. Output files appear under their names whole or not at all; sources are only ever read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/plan.h"
#include "project/project.h"
#include "run/events.h"
#include "run/store.h"
#include "run/workspace.h"

namespace reelmill {

struct EngineOptions {
  int jobs = 0;             // worker processes at once; 0: one per core
  std::int64_t memory = 0;  // bytes for all workers together; 0: half of the machine's
  int batch = 0;            // chunks a worker process renders; 0: by the length of the film
  PlanOptions plan;
  std::filesystem::path receipt{};  // where the run's receipt goes; empty: none is written
};

// The options with every 0 replaced by what this machine has.
EngineOptions settled(EngineOptions options);

// The store as the planner sees it; both must outlive it.
Known known_to(Store& store, Project const& project);

// The plan of every source, by the builds of the worker that is here.
Result<std::vector<SourcePlan>> plan_project(Project const& project, std::vector<std::filesystem::path> const& sources,
                                             Store& store, PlanOptions options);

// A source where finished files go is an error before any work.
Result<void> check_names(Project const& project, std::vector<std::filesystem::path> const& sources);

// A source that cannot be used stops nobody else: the others are finished and delivered, and the error at the end lists the
// failures; its kind is theirs, or `failed` where they differ. What would stop every source (a full disk) stops the run.
Result<void> run_project(Project const& project, std::vector<std::filesystem::path> const& sources, Store& store,
                         Workspace const& workspace, Events& events, EngineOptions options);

}  // namespace reelmill
