// SPDX-License-Identifier: GPL-3.0-or-later
// Looking after a cache: how much lies in it, making room, finding damage. Safe beside any number of runs that use it (CacheUse).
// A unit's last use is the time of its result.json, which Store writes at most once an hour.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace reelmill {

struct Heap {
  std::int64_t units = 0, bytes = 0;
};
struct CacheUsage {
  std::map<std::string, Heap> kinds;  // index, analysis, chunk, sound, film, other
  Heap all, quarantined, in_use;
  int processes = 0;  // that use it now
};
struct CacheCollected {
  Heap before, after, evicted;
  Heap in_use;               // that were not evicted because a process needs them
  std::int64_t removed = 0;  // bytes of what was left behind by killed processes, and of old quarantine
};
struct CacheVerified {
  Heap looked;
  std::vector<std::string> damaged;  // a sentence each; they are in quarantine now
};
// How many of how many units, and bytes so far.
using CacheProgress = std::function<void(std::int64_t done, std::int64_t of, std::int64_t bytes)>;

CacheUsage usage_of(std::filesystem::path const& cache);

// Removes what was used longest ago until at most `keep` bytes are left; never what a process uses now.
Result<CacheCollected> collect(std::filesystem::path const& cache, std::int64_t keep, CacheProgress const& progress = {});

// The same until at least so many bytes are free again; nothing is removed where that much is not to be had. Gives what was.
Result<Heap> make_room(std::filesystem::path const& cache, std::int64_t bytes);

// Reads every unit and sets damaged ones aside.
CacheVerified verify(std::filesystem::path const& cache, CacheProgress const& progress = {});

}  // namespace reelmill
