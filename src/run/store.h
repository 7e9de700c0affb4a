// SPDX-License-Identifier: GPL-3.0-or-later
// Results of units by key, and small memory records by name.
//
// A result is a folder cache/<first two of the key>/<key>/ with result.json and the files it names, sealed (graph/seal.h). It
// appears by one rename, whole, and never changes afterwards. Its result.json is checked each time it is read, its files once in
// a process, before they are used; what is damaged is moved to cache/quarantine and is no result from then on. Several projects
// and processes may share one cache. For one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "run/cache_use.h"
#include "run/workspace.h"

namespace reelmill {

class Store {
 public:
  explicit Store(Workspace const& workspace);

  // Whether there is a result whose result.json is what was sealed. Counts as use of it.
  bool has(std::string const& key);
  // What result.json says. Kept in memory unless it is large, as those of indexes and analyses are.
  Result<Json> result(std::string const& key);
  // Where the file `name` of a unit lies, whether or not it is there.
  std::filesystem::path file(std::string const& key, std::string_view name) const;
  // Those of `keys` that are not here.
  std::vector<std::string> missing(std::vector<std::string> const& keys);

  // Whether the unit's files are what was sealed, too; to be asked before they are used. They are read only the first time, and
  // not at all where this process has made them. False: it is in quarantine, and `has` says no.
  bool intact(std::string const& key);
  // To be called before waiting: lets others tidy the cache, but not away from under this store what it has looked for. False:
  // it could not be let go of, and tidying would wait for ever.
  bool settle() { return use_.settle(); }
  // Called with a sentence for each unit that goes to quarantine.
  void warn_by(std::function<void(std::string const&)> warn) { warn_ = std::move(warn); }

  // Adopts the unit that a worker left as ATTEMPT_DIR/<key>/. The first to come stays, since equal keys mean equal results.
  // A unit that holds anything but regular files is refused: workers read hostile bytes. One without a seal is sealed. On return
  // it is on the disk, whatever happens to the power; what a failure leaves behind is no result.
  Result<void> commit(std::filesystem::path const& attempt_dir, std::string const& key);

  // A record is written atomically and may be lost with the project's folder; nothing that cannot be made again belongs here.
  Result<void> remember(std::string_view name, Json const& value);
  std::optional<Json> recall(std::string_view name) const;

 private:
  std::filesystem::path folder_of(std::string const& key) const;
  std::filesystem::path record_of(std::string_view name) const;
  // Nothing where there is none or where it had to be set aside.
  std::optional<std::string> read_result(std::string const& key);
  void set_aside(std::string const& key, std::string_view why);

  std::filesystem::path cache_, memory_;
  CacheUse use_;
  std::unordered_map<std::string, Json> results_;
  std::unordered_set<std::string> large_;   // here, but not kept in memory
  std::unordered_set<std::string> intact_;  // files and all
  std::set<std::filesystem::path> swept_;   // folders of records
  std::function<void(std::string const&)> warn_;
};

}  // namespace reelmill
