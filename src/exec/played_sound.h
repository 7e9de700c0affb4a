// SPDX-License-Identifier: GPL-3.0-or-later
// Which sound of a file is meant where nothing is said, and from when on it is heard.
#pragma once

#include "base/result.h"
#include "graph/stage.h"

namespace reelmill {

// With the stream and the start settled: those that a player takes by itself, where the stream is -1.
Result<SoundTrackOf> played_sound(SoundTrackOf const& wanted);

// Seconds, as the container says; 0: it does not.
Result<double> length_of(SoundTrackOf const& track);

}  // namespace reelmill
