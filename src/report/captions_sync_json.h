// SPDX-License-Identifier: GPL-3.0-or-later
// How captions lie against a film, as the JSON that `captions sync --json` prints (docs/schemas/captions_sync.json) and as lines
// for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "captions/align.h"

namespace reelmill {

struct AlignedFile {
  CaptionAlignment alignment;
  std::size_t cues = 0, written = 0;  // in the captions, and in what was made of them
  std::int64_t length = 0;            // of the film's sound, ms
  std::string output{};               // empty: nothing was written
  std::vector<std::string> notes{};   // of what was read, for people
};

Json json_of(AlignedFile const& file);

// `captions` is what they are called.
std::string captions_sync_text(AlignedFile const& file, std::string const& captions);

}  // namespace reelmill
