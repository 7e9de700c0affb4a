// SPDX-License-Identifier: GPL-3.0-or-later
// How long a work that was lost waits before it is tried again.
#pragma once

#include <string_view>

#include "project/project.h"

namespace reelmill {

// As the policy says, and at most ten minutes. The same work waits the same time in every run. `failures` from 1.
double seconds_before_retry(std::string_view work, int failures, RetryPolicy const& policy);

}  // namespace reelmill
