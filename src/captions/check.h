// SPDX-License-Identifier: GPL-3.0-or-later
// Whether captions keep to a profile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/rational.h"
#include "captions/cue.h"
#include "captions/profile.h"

namespace reelmill {

// `code` is one of these and stays what it is:
//   captions.line_length         columns of the longest line
//   captions.lines               lines
//   captions.reading_speed       characters a second
//   captions.too_short           milliseconds; also where a cue ends before it begins
//   captions.too_long            milliseconds
//   captions.gap                 frames between the cue before and this one
//   captions.overlap             milliseconds of the cue before that this one covers
//   captions.order               milliseconds that this one begins before the cue before
//   captions.empty               visible characters
//   captions.beyond_end          milliseconds, of the cue's end; limit: the film's length
//   captions.before_beginning    milliseconds, of the cue's beginning
//   captions.control_characters  characters that are none
//   captions.unreadable          characters that stand for what could not be decoded (U+FFFD)
struct CaptionFinding {
  std::string_view code;
  std::size_t cue = 0;  // counts from 1
  std::int64_t from = 0, to = 0;
  double measured = 0, limit = 0;
  std::string message;  // for people, without the number of the cue
};

// In the order of the cues, which are taken in the order given. Two cues at different places (top and bottom) may overlap and
// need no gap. `length` is the film's in milliseconds; 0: not known. Times are taken to have been rounded by whoever wrote them:
// durations may miss by a millisecond, and the gap is counted in frames that show neither cue.
std::vector<CaptionFinding> check_captions(Captions const& captions, CaptionProfile const& profile, Rational rate = 25,
                                           std::int64_t length = 0);

}  // namespace reelmill
