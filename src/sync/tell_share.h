// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace reelmill {

// Hears what share of a search is done, ever more, up to 1.
using TellShare = std::function<void(double share)>;

}  // namespace reelmill
