// SPDX-License-Identifier: GPL-3.0-or-later
// NAL units of H.264 and H.265, in start-code (Annex B) or length-prefixed (avcC, hvcC) form.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "av/handles.h"

namespace reelmill::av {

using Bytes = std::span<std::uint8_t const>;

// 0: start codes; otherwise how many bytes a length takes.
int nal_length_size(AVCodecParameters const& parameters);

// Calls `see` with each unit, without its prefix, until it returns false.
void for_each_nal(Bytes data, int length_size, std::function<bool(Bytes)> const& see);

}  // namespace reelmill::av
