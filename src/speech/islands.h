// SPDX-License-Identifier: GPL-3.0-or-later
// Where somebody speaks, out of a voice detector's probabilities.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/transcript.h"

namespace reelmill::speech {

inline constexpr double voice_step = 32;  // ms between two probabilities

// In the order of time, apart from each other and inside of [0, length), which is milliseconds.
std::vector<Island> islands_of(std::span<float const> voice, std::int64_t length);

}  // namespace reelmill::speech
