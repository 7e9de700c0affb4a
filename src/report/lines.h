// SPDX-License-Identifier: GPL-3.0-or-later
// Events and meters as lines of text. Pure: the same line on a terminal, in a pipe, in the log and in a test.
#pragma once

#include <string>

#include "report/meters.h"
#include "run/events.h"

namespace reelmill {

enum class Letters { ascii, unicode };

// One sentence about an event, free of control characters; empty for those that only a meter shows (progress, single units,
// queued stages).
std::string sentence(Happening const& what, Letters letters);

// "film: picture  ━━━━━━━━────────  123/900 frames  24.1 fps  0.8×  ETA 0:32", never wider than `width` columns. What does
// not fit is left out, the least useful first.
std::string meter_line(Meter const& meter, int width, Letters letters);
// "    3 of 12 stages done  0:42"
std::string summary_line(Meters const& meters, double seconds, int width);

// The first `columns` characters, or fewer; characters are code points.
std::string clipped(std::string_view text, int columns, Letters letters);
int columns_of(std::string_view text);

}  // namespace reelmill
