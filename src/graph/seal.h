// SPDX-License-Identifier: GPL-3.0-or-later
// How a unit's folder vouches for itself. Its result.json is one line of JSON that begins with a hash of the bytes behind it and
// names size and hash of every other file, so that damage is found by looking at the folder alone:
//
//   {"check":"<XXH3-128 of what follows the comma>",…,"files":{"video.pkts":{"bytes":512,"hash":"<XXH3-128>"}},…}
//
// It tells damage from what was made; it does not tell who made it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace reelmill {

// What result.json of this folder has to say: `result`, an object, with the seal. Reads every other file in the folder.
Result<std::string> sealed_result(std::filesystem::path const& folder, Json result);

// Whether the text begins as a sealed one does, and whether it also is what was sealed.
bool is_sealed(std::string_view text);
bool seal_holds(std::string_view text);

enum class Look { at_sizes, at_contents };
// Kind failed: a file is missing, of another size or of other content than `result`, read from a sealed text, says. `looked`
// (may be null) is added how many bytes were read.
Result<void> check_files(std::filesystem::path const& folder, Json const& result, Look look, std::int64_t* looked = nullptr);

}  // namespace reelmill
