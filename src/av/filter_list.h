// SPDX-License-Identifier: GPL-3.0-or-later
// Which of libavfilter's filters a stage may ask for, and how one is set up: through its options by name, never as text.
// Filters that can open files, run commands or be sources are not in the list, whatever a stage file says.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "av/handles.h"
#include "base/result.h"

namespace reelmill::av {

bool is_allowed_filter(std::string_view filter);

// Adds an allowed filter to a graph; the graph owns it. An option that the filter does not know is a bug.
Result<AVFilterContext*> add_filter(AVFilterGraph& graph, std::string const& filter,
                                    std::map<std::string, std::string> const& options);

}  // namespace reelmill::av
