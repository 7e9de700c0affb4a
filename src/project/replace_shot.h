// SPDX-License-Identifier: GPL-3.0-or-later
// One film with another sound, as a project made on the fly: the picture is copied, the sound becomes AAC.
#pragma once

#include <string>

#include "base/result.h"
#include "project/one_shot.h"

namespace reelmill {

struct ReplaceWishes : OneShotWishes {  // of the inputs, the film is the first and the only one
  std::string sound;
  std::string offset = "auto";   // as the operation replace_audio reads it
  std::string ends = "shorter";  // likewise
};
Result<OneShot> replace_sound(ReplaceWishes const& wishes);

}  // namespace reelmill
