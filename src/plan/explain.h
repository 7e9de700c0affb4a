// SPDX-License-Identifier: GPL-3.0-or-later
// A plan for people (a drawing in text), for Graphviz, and as JSON (docs/schemas/plan.json).
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "plan/plan.h"

namespace reelmill {

std::string draw(std::vector<SourcePlan> const& plans);
std::string draw_dot(std::vector<SourcePlan> const& plans);
Json json_of(std::vector<SourcePlan> const& plans);

}  // namespace reelmill
