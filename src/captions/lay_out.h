// SPDX-License-Identifier: GPL-3.0-or-later
// Cues out of what is said.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/rational.h"
#include "captions/cue.h"
#include "captions/profile.h"
#include "graph/transcript.h"

namespace reelmill {

struct CueClock {
  Rational rate{25};                  // frames a second; cues begin and end at frames, in whole milliseconds
  std::vector<std::int64_t> shots{};  // ms of the first frame of each shot
};

// The words, in lines and cues that keep to the profile, broken where it reads best (docs/formats.md says by what). A cue begins
// with its first word; it stays as long as reading takes, where the next one leaves room for that.
//
// check_captions finds nothing in the result, for any transcript, but what no cues could avoid: `reading_speed` where the speech
// is faster than that by more than `earlier` and `later` can give, and, where the sound as a whole is too short to show its words
// in, `too_short`, or cues after its end. `notes` tells these, one line each.
std::vector<Cue> lay_out(Transcript const& transcript, CaptionProfile const& profile, CueClock const& clock,
                         std::vector<std::string>* notes = nullptr);

}  // namespace reelmill
