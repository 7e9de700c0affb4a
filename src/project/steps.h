// SPDX-License-Identifier: GPL-3.0-or-later
// The lists `video:` and `audio:` of a project file.
#pragma once

#include <vector>

#include "project/diagnose.h"
#include "project/project.h"

namespace reelmill {

std::vector<Step> read_steps(Node const& list, Track track, Mistakes& mistakes);

}  // namespace reelmill
