// SPDX-License-Identifier: GPL-3.0-or-later
// What is left of a stage when some of its units are already there: after a crash, or a run that was stopped.
#pragma once

#include <string>
#include <vector>

#include "graph/stage.h"

namespace reelmill {

// The same walk for the units in `missing` only: no chunk, node or encode stays that nothing missing needs. The units
// come out the same as from the whole stage.
Stage narrow_stage(Stage stage, std::vector<std::string> const& missing);

}  // namespace reelmill
