// SPDX-License-Identifier: GPL-3.0-or-later
// Identities of results: exactly what can change them, and nothing that cannot (no path, no name, no number of jobs).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "plan/picture_graph.h"

namespace reelmill {

// One chunk of one export: its decoded frames and margins, what is done to them, which of them are shown when, how they are
// encoded. `checksums` belong to the chunk's `pts`; of `stage`, what it says of the pictures.
std::string chunk_key(Hasher begun, VideoStreamInfo const& source, VideoStage const& stage, PictureGraph const& graph,
                      Leaf const& leaf, VideoChunk const& chunk, std::vector<std::uint64_t> const& checksums,
                      std::vector<std::int32_t> const& map);

// One encode of a sound; `begun` has the source's identity.
std::string sound_key(Hasher begun, AudioStage const& stage, AudioEncode const& encode);

}  // namespace reelmill
