// SPDX-License-Identifier: GPL-3.0-or-later
// Stages of one unit each, done at once by workers of their own, for commands that need no project and keep nothing.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "graph/stage.h"
#include "run/events.h"
#include "run/limits.h"

namespace reelmill {

struct LoneOptions {
  std::string label{};             // for people
  Expected expected{};             // what the work may take
  double total = 0;                // progress to expect, in the walk's own unit
  std::filesystem::path worker{};  // empty: reelmill-worker beside this program
  double stall_limit = 60;         // seconds without a sign from the worker before it is given up
};

// The unit's result. `folder` is a temporary one. Emits the events of stages; `cancelled` on SIGINT and SIGTERM. To be called
// from the main thread.
Result<Json> run_alone(Stage const& stage, std::filesystem::path const& folder, LoneOptions options, Events& events);

struct LoneJob {
  Stage stage;
  LoneOptions options;
};
// Many of them, `at_once` at the same time, begun in their order. `take` gets each one's result, or why it has none, as soon as
// it is there, by its number. What it is told of is no error; errors are about this machine, or `cancelled`.
using TakeLone = std::function<void(std::size_t number, Result<Json> result)>;
Result<void> run_each(std::vector<LoneJob> const& jobs, std::filesystem::path const& folder, int at_once, Events& events,
                      TakeLone const& take);

}  // namespace reelmill
