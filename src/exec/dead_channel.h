// SPDX-License-Identifier: GPL-3.0-or-later
// Whether one channel of a stereo source is dead: a cable that was not plugged in, a switch that was off.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "graph/stage.h"

namespace reelmill {

struct LivingChannel {
  std::string side;   // left or right, the other one is dead
  double louder = 0;  // dB, by which
};

// Listens to all of the stage's source, which may be a part of the film. Nothing: both live, or neither, or it is not stereo.
Result<std::optional<LivingChannel>> living_channel(AudioStage stage);

}  // namespace reelmill
