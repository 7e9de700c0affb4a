// SPDX-License-Identifier: GPL-3.0-or-later
// How much of the machine a worker may take for a piece of work: many times what the plan expects of it, and no more than the
// disk has room for. See docs/decisions/013.
#pragma once

#include <cstdint>
#include <filesystem>

#include "graph/stage.h"

namespace reelmill {

struct Expected {
  std::int64_t memory = 0;  // bytes
  double cpu_seconds = 0;
};
// `folder` is where the worker writes.
StageLimits limits_of(Stage const& stage, Expected const& expected, std::filesystem::path const& folder);

}  // namespace reelmill
