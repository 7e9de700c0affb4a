// SPDX-License-Identifier: GPL-3.0-or-later
// One still image out of a file's bytes.
#pragma once

#include <string>
#include <string_view>

#include "av/stamp.h"
#include "base/result.h"

namespace reelmill::av {

// PNG or JPEG, told by its first bytes and not by its name; at most 64 million pixels. `name` is what messages call it. Errors of
// kind media.
Result<Rgba> decode_image(std::string const& bytes, std::string_view name);

}  // namespace reelmill::av
