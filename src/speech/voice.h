// SPDX-License-Identifier: GPL-3.0-or-later
// Silero's voice detector.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace reelmill::speech {

// How likely it is that somebody speaks, for each voice_step of a sound at 16 kHz; the last may reach beyond its end. `heard` is
// told how many samples are done, from any of the threads, one call at a time. The number of threads changes nothing.
Result<std::vector<float>> voice_in(std::span<float const> sound, std::string const& model, int threads,
                                    std::function<void(std::size_t)> const& heard);

}  // namespace reelmill::speech
