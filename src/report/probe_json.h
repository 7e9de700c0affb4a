// SPDX-License-Identifier: GPL-3.0-or-later
// Probed files as the JSON that `check --json` and `probe --json` print; docs/schemas/check.json is its schema.
#pragma once

#include <vector>

#include "base/json.h"
#include "run/prober.h"

namespace reelmill {

// What is not known is null.
Json json_of(ProbedFile const& file);
// {"total", "valid", "files"}
Json json_of(std::vector<ProbedFile> const& files);

}  // namespace reelmill
