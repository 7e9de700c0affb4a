// SPDX-License-Identifier: GPL-3.0-or-later
// The render of a film: which of its chunks' encodes are still to be made, and the keys of all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plan/chunks.h"
#include "plan/conform.h"
#include "plan/plan.h"

namespace reelmill {

struct PlannedRender {
  PlannedStage stage;
  std::vector<std::vector<std::string>> keys;  // as Chunks has them
  std::vector<MadeOf> made_of;
};
PlannedRender planned_render(std::filesystem::path const& source, Project const& project, Footage const& footage,
                             Conform const& conform, Key const& begun, Known const& known, Builds const& builds);

}  // namespace reelmill
