// SPDX-License-Identifier: GPL-3.0-or-later
// When each cue is shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "captions/lay_out.h"

namespace reelmill {

// Frames of the clock, or whole fractions or multiples of them where those are too coarse or too fine to count by.
class FrameGrid {
 public:
  explicit FrameGrid(Rational rate);
  std::int64_t frame_at(std::int64_t milliseconds) const;     // that is shown then
  std::int64_t frame_after(std::int64_t milliseconds) const;  // the first that begins then or later
  std::int64_t milliseconds(std::int64_t frame) const;        // nearest
  std::int64_t from_clock_frames(int frames) const;           // at least as long
  double frame_length() const { return 1000 / rate_.value(); }

 private:
  Rational rate_;
  std::int64_t multiple_ = 1, fraction_ = 1;
};

struct SpokenCue {
  std::int64_t from = 0, to = 0;  // first and last word, milliseconds, in order
  int characters = 0;             // reading_length
};
struct ShownCue {
  std::int64_t from = 0, to = 0;
};

// Whether so many cues of the shortest length have room before `end`, which is in milliseconds; 0: not known.
bool have_room(std::size_t cues, CaptionProfile const& profile, FrameGrid const& grid, std::int64_t end);

// As long as have_room is true, every cue keeps to shortest, longest, gap and end; the rest is as near to the words as reading
// allows.
std::vector<ShownCue> times_of(std::vector<SpokenCue> const& cues, CaptionProfile const& profile, CueClock const& clock,
                               std::int64_t end);

}  // namespace reelmill
