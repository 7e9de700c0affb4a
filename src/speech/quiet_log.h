// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace reelmill::speech {

// Whisper tells what it does on stderr; what went wrong is said by what it returns.
void be_quiet();

}  // namespace reelmill::speech
