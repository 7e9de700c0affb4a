// SPDX-License-Identifier: GPL-3.0-or-later
// The index of one file: the stage that makes it, or the index itself where an earlier run made it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "graph/media.h"
#include "plan/keys.h"
#include "plan/plan.h"

namespace reelmill {

struct PlannedIndex {
  PlannedStage stage;
  Key key;
  std::optional<SourceIndex> index;  // nothing: the stage is to run
};
// A file that cannot be media, or whose index says what no media has, is an error of kind media.
Result<PlannedIndex> planned_index(std::string id, std::filesystem::path const& file, Key begun, Known const& known,
                                   Builds const& builds);

}  // namespace reelmill
