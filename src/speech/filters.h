// SPDX-License-Identifier: GPL-3.0-or-later
// What a model says although nobody said it. Whisper was taught by subtitles, and where it hears noise it says what subtitles
// often say, or one thing again and again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/transcript.h"
#include "speech/model.h"

namespace reelmill::speech {

// How many times smaller a text becomes when repetitions are told once: about 1 to 2 for what people say.
double repetition(std::string_view text);

// Why nothing of a window should be believed; nothing where it should.
std::optional<std::string> doubt(Heard const& heard, double seconds_of_speech);

// Removes segments that repeat the ones before, are said faster than anybody speaks, or consist of signs. Each is told in the
// notes.
void drop_inventions(Transcript& transcript);

}  // namespace reelmill::speech
