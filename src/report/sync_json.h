// SPDX-License-Identifier: GPL-3.0-or-later
// What was found of two recordings, as the JSON that `sync --json` prints (docs/schemas/sync.json) and as lines for people.
#pragma once

#include <string>

#include "base/json.h"
#include "graph/sync.h"

namespace reelmill {

// offset_ms is what to delay B by where both begin to be heard; from there on the delay changes by drift_ppm.
Json json_of(SyncFinding const& finding);

// `b` is what B is called.
std::string sync_text(SyncFinding const& finding, std::string const& b);

}  // namespace reelmill
