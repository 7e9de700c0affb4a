// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/decibel.h"

#include <cmath>

#include "base/text.h"

namespace reelmill {

std::string factor_text(double decibel) { return shortest(std::pow(10.0, decibel / 20)); }

}  // namespace reelmill
