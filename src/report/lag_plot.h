// SPDX-License-Identifier: GPL-3.0-or-later
// The delay over time as a picture (SVG): every window that was looked at, and the lines that were found.
#pragma once

#include <string>

#include "graph/sync.h"

namespace reelmill {

// `a` and `b` are what the recordings are called.
std::string lag_plot(SyncFinding const& finding, std::string const& a, std::string const& b);

}  // namespace reelmill
