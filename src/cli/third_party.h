// SPDX-License-Identifier: GPL-3.0-or-later
// THIRD_PARTY.md, built into the program.
#pragma once

#include <string_view>

namespace reelmill {

std::string_view third_party_page();

}  // namespace reelmill
