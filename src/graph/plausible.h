// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what a worker found in a source can be footage. Containers can claim any time stamp and any size, and everything
// planned from them would be as absurd; both programs ask, the worker because the file may lie, the front because the worker
// has read it. Limits: graph/media_limits.h.
#pragma once

#include <optional>
#include <string>

#include "graph/media.h"

namespace reelmill {

// What is wrong with it and what to do, to be put behind "indexing FILE: "; nothing when it is footage.
std::optional<std::string> implausible(SourceIndex const& index);
// The same of an analysis: its rows belong together and its times run forwards.
std::optional<std::string> implausible(SourceAnalysis const& analysis);

}  // namespace reelmill
