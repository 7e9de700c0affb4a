// SPDX-License-Identifier: GPL-3.0-or-later
// What each output was made of when it was last written, remembered in the project's memory.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "plan/plan.h"
#include "project/project.h"
#include "run/store.h"

namespace reelmill {

struct MadeRecord {
  double when = 0;  // seconds since 1970
  std::string key;  // of the film
  MadeOf made_of;
};

// Of every output whose key is known; `plan` was made with PlanOptions::explain.
Result<void> remember_made(Store& store, Project const& project, SourcePlan const& plan, double when);
// Nothing: it was never written, or the record is lost.
std::optional<MadeRecord> recall_made(Store const& store, Project const& project, std::string const& output);

// The name by which a record of an output is kept. One-shots share their memory, whatever folder they write to.
std::string output_id(Project const& project, std::string const& output);

}  // namespace reelmill
