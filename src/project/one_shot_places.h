// SPDX-License-Identifier: GPL-3.0-or-later
// Where the films of a command without a project come from and go to.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "project/inputs.h"
#include "project/project.h"

namespace reelmill {

// Whether -o names a folder, for so many inputs; otherwise it is a file's name.
bool is_folder(std::string const& output, std::size_t inputs);

// Absolute, without a slash at the end; a file of that name is an error.
Result<std::filesystem::path> output_folder(std::string const& output);
std::filesystem::path absolute_folder(std::filesystem::path const& folder);

// The inputs that are footage: what the command makes of one file is none, when a folder or a pattern brought it. Errors as
// check_outputs has them.
Result<std::vector<std::filesystem::path>> sources_of(std::vector<Input> const& inputs, Project const& project);

}  // namespace reelmill
