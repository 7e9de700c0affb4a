// SPDX-License-Identifier: GPL-3.0-or-later
// Captions as they can be shown: one at a time, in order.
#pragma once

#include <string>
#include <vector>

#include "captions/cue.h"

namespace reelmill {

struct TidyCaptions {
  Captions captions;
  std::vector<std::string> notes;  // what was changed, for people; empty: nothing was
};

// Afterwards the cues are in the order of time, none is empty or without length, none begins before 0, and no two that stand at
// the same place (top or bottom) overlap: where two overlap by less than 0.3 s, the earlier ends where the later begins; where
// they overlap for longer, a cue of its own shows both, three at most, the earlier above. Equal texts that touch or overlap
// become one cue. Control characters, blank lines and blank ends of lines are gone.
TidyCaptions tidy(Captions captions);

}  // namespace reelmill
