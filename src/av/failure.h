// SPDX-License-Identifier: GPL-3.0-or-later
// libav's error codes become Errors here and nowhere else; AVERROR(EAGAIN) and AVERROR_EOF are flow and never get this far.
#pragma once

#include <string>

#include "base/result.h"

namespace reelmill::av {

// `doing` says what was being done and to what ("decoding clip.mp4").
Error failure(int averror, std::string doing, ErrorKind otherwise = ErrorKind::failed);

// libav's own messages go to standard error; its small talk goes nowhere. For the whole process.
void tell_errors_only();

}  // namespace reelmill::av
