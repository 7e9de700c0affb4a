// SPDX-License-Identifier: GPL-3.0-or-later
// How loud an encode is, once a player has decoded it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/result.h"
#include "graph/loudness.h"

namespace reelmill::av {

// Of a packets file of sound: without its encoder's priming, and no more than `samples` of sound. `tick` is told the share that
// is done.
Result<LoudnessFigures> measure_encode(std::filesystem::path const& packets, std::int64_t samples,
                                       std::function<void(double done)> const& tick);

}  // namespace reelmill::av
