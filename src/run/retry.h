// SPDX-License-Identifier: GPL-3.0-or-later
// How long a work that was lost waits before it is tried again.
#pragma once

#include <string_view>

namespace reelmill {

// Four times longer after each failure, at most ten minutes, and up to a quarter more or less than that, so that works lost
// together do not come back together. The same work waits the same time in every run. `failures` from 1; `first` in seconds.
double seconds_before_retry(std::string_view work, int failures, double first);

}  // namespace reelmill
