// SPDX-License-Identifier: GPL-3.0-or-later
// Stages that cannot be planned before a measurement, named so that a person sees the whole way.
#pragma once

#include <string>
#include <vector>

#include "graph/media.h"
#include "plan/conform.h"
#include "plan/estimates.h"
#include "plan/lower.h"
#include "plan/plan.h"

namespace reelmill {

// Adds to `plan` everything but what is measured first, "the index".
void await_all(SourcePlan& plan, Project const& project, Lowered const& lowered, std::string const& for_what);
// Render and joins alone, once there is an index.
void await_render(SourcePlan& plan, Project const& project, SourceIndex const& index, Conform const& conform,
                  Estimate const& render, std::string const& for_what);

// What an export is joined from. Before the index is known (null) a source may have a sound.
std::vector<std::string> join_inputs(Project const& project, Export const& target, SourceIndex const* index);

}  // namespace reelmill
