// SPDX-License-Identifier: GPL-3.0-or-later
// What is said in a sound.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "base/result.h"
#include "graph/transcript.h"

namespace reelmill::speech {

struct Wishes {
  std::string model;              // the file of a Whisper model; empty: only where somebody speaks
  std::string voice;              // the file of Silero's
  std::string language = "auto";  // or ISO 639-1
  bool translate = false;         // into English
  std::string prompt;
  int threads = 1;  // changes no result
};

// The sound is 16 kHz mono. `done` is told the part that is done, 0 to 1, one call at a time, from any thread.
Result<Transcript> transcribe(std::span<float const> sound, Wishes const& wishes, std::function<void(double)> const& done);

}  // namespace reelmill::speech
