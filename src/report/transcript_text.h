// SPDX-License-Identifier: GPL-3.0-or-later
// A transcript as the JSON that `transcribe` writes (docs/schemas/transcript.json), and as plain text.
#pragma once

#include <string>

#include "base/json.h"
#include "graph/transcript.h"

namespace reelmill {

// Times are seconds.
Json json_of(Transcript const& transcript);
// A line for each segment; an empty one where nobody speaks for two seconds or more.
std::string plain_text(Transcript const& transcript);

}  // namespace reelmill
