// SPDX-License-Identifier: GPL-3.0-or-later
// How the sound of an export is encoded, so that it meets the picture in every player.
#pragma once

#include "graph/stage.h"
#include "project/project.h"

namespace reelmill {

inline constexpr std::int64_t aac_priming = 1024;  // samples; a join refuses a sound with another

// `reorder`: frames by which the picture's encoder delays. Without edit lists players neither cut the priming nor move the
// picture back; so silence brings the sound to where the picture is. The key is left empty.
AudioEncode sound_for(Project const& project, Export const& target, int reorder);

// Whether one encode serves both.
bool is_same_sound(AudioEncode const& a, AudioEncode const& b);

}  // namespace reelmill
