// SPDX-License-Identifier: GPL-3.0-or-later
// `reelmill-worker --versions`: what this worker is made of and what it can do here.
#pragma once

#include "base/json.h"

namespace reelmill {

// {"version", "libraries": {name: version}, "encoders": […], "decoders": […], "filters": […], "muxers": […], "sandbox": level,
// "configuration", "builds": [{"name", "file", "build"}]}; names are FFmpeg's, builds those of the shared libraries loaded.
// Locks the process in to see how far the kernel lets it: nothing can be done afterwards.
// A kernel that refuses gives "sandbox": null and "sandbox_error".
Json versions();

}  // namespace reelmill
