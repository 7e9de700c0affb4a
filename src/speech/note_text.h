// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reelmill::speech {

// "1:02:03.450", "02:03.450".
std::string clock_text(std::int64_t ms);
std::size_t characters_in(std::string_view text);

}  // namespace reelmill::speech
