// SPDX-License-Identifier: GPL-3.0-or-later
// Results of units by key, and small memory records by name.
//
// A result is a folder cache/<first two of the key>/<key>/ with result.json and the files it speaks of. It appears by one
// rename, whole, and never changes afterwards; a folder without a readable result.json is not a result. Several projects
// and processes may share one cache. For one thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "run/workspace.h"

namespace reelmill {

class Store {
 public:
  explicit Store(Workspace const& workspace);

  bool has(std::string const& key);
  // What result.json says. Kept in memory unless it is large, as those of indexes and analyses are.
  Result<Json> result(std::string const& key);
  // Where the file `name` of a unit lies, whether or not it is there.
  std::filesystem::path file(std::string const& key, std::string_view name) const;
  // Those of `keys` that are not here.
  std::vector<std::string> missing(std::vector<std::string> const& keys);

  // Adopts the unit that a worker left as ATTEMPT_DIR/<key>/. The first to come stays, since equal keys mean equal results.
  // A unit that holds anything but regular files is refused: workers read hostile bytes.
  Result<void> commit(std::filesystem::path const& attempt_dir, std::string const& key);

  // A record is written atomically and may be lost with the project's folder; nothing that cannot be made again belongs here.
  Result<void> remember(std::string_view name, Json const& value);
  std::optional<Json> recall(std::string_view name) const;

 private:
  std::filesystem::path folder_of(std::string const& key) const;
  std::filesystem::path record_of(std::string_view name) const;

  std::filesystem::path cache_, memory_;
  std::unordered_map<std::string, Json> results_;
  std::unordered_set<std::string> large_;  // here, but not kept in memory
};

}  // namespace reelmill
