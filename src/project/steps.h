// SPDX-License-Identifier: GPL-3.0-or-later
// The lists `video:` and `audio:` of a project file.
#pragma once

#include <filesystem>
#include <vector>

#include "project/diagnose.h"
#include "project/project.h"

namespace reelmill {

// Relative paths in them begin at `folder`.
std::vector<Step> read_steps(Node const& list, Track track, std::filesystem::path const& folder, Mistakes& mistakes);

// An operation on captions, which stands as a key by itself; the key is one's name.
Step read_caption_step(Entry const& entry, std::filesystem::path const& folder, Mistakes& mistakes);

}  // namespace reelmill
