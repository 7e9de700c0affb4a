// SPDX-License-Identifier: GPL-3.0-or-later
// From the camera's measured motion to the correction of each frame. What a frame gets depends on the motion within
// `smoothing` frames to either side inside its shot, and on its shot's zoom: nothing else in the film can change it.
#pragma once

#include <vector>

#include "graph/media.h"

namespace reelmill {

struct PathOptions {
  int smoothing = 30;      // frames to either side
  double max_zoom = 0.15;  // how far the picture may be enlarged to hide its borders
};

// One per frame; width and height of the picture in pixels.
std::vector<Correction> steady_path(std::vector<Motion> const& motion, int width, int height, PathOptions const& options);

}  // namespace reelmill
