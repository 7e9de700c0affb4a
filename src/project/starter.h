// SPDX-License-Identifier: GPL-3.0-or-later
// What `reelmill new` makes.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace reelmill {

// The folders of a new project. There is none for intermediate files: what is worked with lies under .reelmill, is
// addressed by content and may be deleted at any time.
std::span<std::string_view const> starter_folders();
// A project file that runs as it is once footage lies in 00_source/video/raw.
std::string starter_text(std::string_view name);
// Makes the folders and the file in `folder`, which must not exist or be empty. Gives the project file's path.
Result<std::filesystem::path> make_project(std::filesystem::path const& folder);

}  // namespace reelmill
