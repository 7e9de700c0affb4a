// SPDX-License-Identifier: GPL-3.0-or-later
// `retry` of a project file: { attempts: 3, delay: 5s, growth: 4, jitter: 25%, deadline: 10m, stall: 10m }.
#pragma once

#include "base/json.h"
#include "project/diagnose.h"
#include "project/project.h"

namespace reelmill {

void read_retry(Node const& node, RetryPolicy& policy, Mistakes& mistakes);
// As JSON Schema has it.
Json retry_schema();

}  // namespace reelmill
