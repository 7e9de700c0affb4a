// SPDX-License-Identifier: GPL-3.0-or-later
// Whether pictures were recorded as two fields, seen from the pictures themselves: in an interlaced one the lines of the
// later field continue those of the neighbouring picture better than those of their own.
#pragma once

#include "av/handles.h"
#include "graph/probe.h"

namespace reelmill::av {

enum class Fields { undecided, progressive, top_first, bottom_first };

// Of three consecutive pictures, the middle one. Luma of planar formats of 8 to 16 bits; others are undecided.
Fields seen_fields(AVFrame const& before, AVFrame const& picture, AVFrame const& after);

// Looks at one picture in twelve of those that go by, and counts.
class FieldCounter {
 public:
  void see(AVFrame const& picture);
  FieldStatistics const& counted() const { return counted_; }

 private:
  std::int64_t number_ = 0;
  Frame before_, middle_;
  FieldStatistics counted_;
};

}  // namespace reelmill::av
