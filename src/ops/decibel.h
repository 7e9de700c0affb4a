// SPDX-License-Identifier: GPL-3.0-or-later
// Levels as people write them, and as filters take them.
#pragma once

#include <string>

namespace reelmill {

// "0.5011872336272722" for -6: the factor on the amplitude.
std::string factor_text(double decibel);

}  // namespace reelmill
