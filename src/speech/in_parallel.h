// SPDX-License-Identifier: GPL-3.0-or-later
// The same work for each of many, on some threads.
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace reelmill::speech {

// Calls `work` for 0, 1, … count - 1, begun in this order. Of errors and exceptions that of the lowest number is given, or
// thrown; what was not begun by then is not done.
Result<void> in_parallel(std::size_t count, int threads, std::function<Result<void>(std::size_t)> const& work);

}  // namespace reelmill::speech
