// SPDX-License-Identifier: GPL-3.0-or-later
// How every command ends when it fails.
#pragma once

#include "base/result.h"

namespace reelmill {

// What is printed: "reelmill: …"; mistakes in a file stand alone, one a line, so that editors can jump to them.
std::string complaint(Error const& error);
// Prints it on standard error and gives the exit code.
int complain(Error const& error);

}  // namespace reelmill
