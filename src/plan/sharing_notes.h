// SPDX-License-Identifier: GPL-3.0-or-later
// Why exports that look alike are encoded apart, for people.
#pragma once

#include <string>
#include <vector>

#include "plan/picture_graph.h"
#include "project/project.h"

namespace reelmill {

// One line for each group of encodes that differ in nothing but what their ceilings make of the H.264 level: "encoded apart,
// because their ceilings need different levels: facebook (3.1); twitter (3.2)".
std::vector<std::string> sharing_notes(PictureGraph const& graph, Project const& project);

}  // namespace reelmill
