// SPDX-License-Identifier: GPL-3.0-or-later
// One stage of one unit, done at once by a worker of its own, for commands that need no project and keep nothing.
#pragma once

#include <filesystem>
#include <string>

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

}  // namespace reelmill
