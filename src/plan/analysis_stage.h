// SPDX-License-Identifier: GPL-3.0-or-later
// The analysis of a source's picture: the stage that makes it, or the analysis itself where an earlier run made it.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.h"
#include "graph/media.h"
#include "plan/borders.h"
#include "plan/keys.h"
#include "plan/lower.h"
#include "plan/plan.h"

namespace reelmill {

struct PlannedAnalysis {
  PlannedStage stage;
  Key key;
  std::vector<Border> borders;  // those that the analysis has proved, once there is one
  std::optional<SourceAnalysis> analysis;  // nothing: the stage is to run
};
Result<PlannedAnalysis> planned_analysis(std::filesystem::path const& source, SourceIndex const& index, Lowered const& lowered,
                                         Key begun, Known const& known, Builds const& builds);

}  // namespace reelmill
