// SPDX-License-Identifier: GPL-3.0-or-later
// Where damaged units go: cache/quarantine/<key>.<n>, for a person to look at; `reelmill cache gc` removes them after a week.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace reelmill {

// Moves the unit there in one step; where it cannot, removes it. Gives where it lies then, or an empty path.
std::filesystem::path quarantine(std::filesystem::path const& cache, std::string const& key);

// Kind failed: the unit in this folder is not what was sealed; says how. Reads all of it. `looked` is added how many bytes.
Result<void> check_unit_contents(std::filesystem::path const& folder, std::int64_t* looked = nullptr);

}  // namespace reelmill
