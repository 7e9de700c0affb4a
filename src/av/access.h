// SPDX-License-Identifier: GPL-3.0-or-later
// What kind of random access point a packet is, read from the bitstream and not only from the container's flag.
#pragma once

#include "av/handles.h"
#include "graph/media.h"

namespace reelmill::av {

Access access_of(AVPacket const& packet, AVCodecParameters const& parameters);

}  // namespace reelmill::av
