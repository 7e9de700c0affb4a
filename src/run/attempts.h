// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker's attempt leaves in its folder, also when it or the run was killed: units that are whole are adopted, if what
// they were made of is still what it was; nothing else is believed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/disk.h"
#include "run/store.h"
#include "run/workspace.h"

namespace reelmill {

// Writes attempt.json, {"fence", "source", "stamp": [inode, size, mtime_ns, ctime_ns]}, for a run that finds the folder later.
// Not synced: where it is missing, nothing of the attempt is adopted.
void note_attempt(std::filesystem::path const& folder, std::int64_t fence, std::string const& source,
                  std::optional<Stamp> const& stamp);

// Whether the source, empty where there is none, is still what it was when the attempt was planned; without a stamp it was not
// there.
bool is_as_planned(std::string const& source, std::optional<Stamp> const& stamp);

struct Adopted {
  std::vector<std::string> keys;
  std::optional<Error> error;  // the first, of a unit that is whole and could not be taken
};
// Takes those of `keys` that are whole.
Adopted adopt_complete(Store& store, std::filesystem::path const& attempt, std::vector<std::string> const& keys);
// Of all attempts that are there; their folders are gone afterwards. Only for who holds the workspace's lease.
void adopt_leftovers(Store& store, Workspace const& workspace);
void drop_attempt(std::filesystem::path const& folder);

}  // namespace reelmill
