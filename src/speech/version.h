// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace reelmill::speech {

// Of whisper.cpp; empty where the program was built without.
std::string whisper_build();

}  // namespace reelmill::speech
