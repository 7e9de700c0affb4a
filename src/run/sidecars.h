// SPDX-License-Identifier: GPL-3.0-or-later
// Small files beside the films, which a person may take over by changing them: a file that is not as it was written is left alone.
#pragma once

#include <string>

#include "base/result.h"
#include "plan/plan.h"
#include "project/project.h"
#include "run/store.h"

namespace reelmill {

// Whether the file is as this project last wrote it.
bool has_written(Store const& store, Project const& project, std::string const& file);
// Whole or not at all. Gives whether it was there already.
Result<bool> write_sidecar(Store& store, Project const& project, PlannedSidecar const& sidecar);

}  // namespace reelmill
