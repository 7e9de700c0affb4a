// SPDX-License-Identifier: GPL-3.0-or-later
// The files that a command line names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace reelmill {

struct Input {
  std::filesystem::path file;  // absolute, lexically normal
  bool is_named = false;       // by itself; otherwise a folder or a pattern brought it
};

// Every file, in the order given, none twice: a file by its name; a folder's media (project/media_files.h); else what a
// pattern (as in project files) names. Kind media: what is not there or brings nothing.
Result<std::vector<Input>> find_inputs(std::vector<std::string> const& words);

}  // namespace reelmill
