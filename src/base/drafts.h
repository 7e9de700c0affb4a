// SPDX-License-Identifier: GPL-3.0-or-later
// The files that write_file_atomically and copy_file_atomically rename into place lie beside their destinations until then,
// locked by flock(2) as long as their writer lives.
#pragma once

#include <filesystem>
#include <string_view>

namespace reelmill {

inline constexpr std::string_view draft_prefix = ".reelmill-", draft_suffix = ".tmp";

// Removes those in this folder whose writer was killed.
void sweep_drafts(std::filesystem::path const& folder);

}  // namespace reelmill
