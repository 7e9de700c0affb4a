// SPDX-License-Identifier: GPL-3.0-or-later
// What the stages of a plan do, for people.
#pragma once

#include <string>
#include <vector>

#include "graph/media.h"
#include "plan/conform.h"
#include "plan/lower.h"
#include "plan/picture_graph.h"
#include "project/project.h"

namespace reelmill {

std::vector<std::string> analysis_tasks(Lowered const& lowered);
// What is done to the source before the steps, as far as it is known.
std::vector<std::string> conform_tasks(Project const& project, SourceIndex const& index, Conform const& conform);
// Before the render can be planned: its steps and encodes as the project has them.
std::vector<std::string> render_tasks(Project const& project);
// Once it is planned: what is left of them.
std::vector<std::string> render_tasks(Project const& project, PictureGraph const& graph);
std::vector<std::string> sound_tasks(Project const& project, Lowered const& lowered, bool has_picture);

// Of the exports that copy the picture, the names; and what is done for them.
std::vector<std::string> names_of_copies(Project const& project);
std::string copy_task(std::vector<std::string> const& names);

}  // namespace reelmill
