// SPDX-License-Identifier: GPL-3.0-or-later
// What keeps units where they are while a process needs them, whoever else tidies the cache meanwhile.
//
// While a process plans it holds cache/lock shared, and evicting holds it alone, so what was found there stays. Before the
// process waits for its workers it writes the keys into a file of its own in cache/in-use, locked as long as it lives, and lets
// go of the lock: evicting reads these files first. A file of another host counts until it was not touched for ten minutes.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.h"

namespace reelmill {

// Of one process; for one thread. Where a cache cannot be written to, nothing is held, and nothing can be evicted there either.
class CacheUse {
 public:
  explicit CacheUse(std::filesystem::path cache) : cache_(std::move(cache)) {}
  CacheUse(CacheUse const&) = delete;
  CacheUse& operator=(CacheUse const&) = delete;
  ~CacheUse();

  // To be called before looking for the unit.
  void pin(std::string const& key);
  // To be called before waiting. Costs nothing when nothing is new. False: the keys could not be written down, so the cache is
  // held on to, and who evicts would wait for us.
  bool settle();

 private:
  bool write_pins();

  std::filesystem::path cache_, pins_;
  int lock_ = -1, file_ = -1;
  bool is_held_ = false;
  double touched_ = 0;
  std::unordered_set<std::string> pinned_;
  std::vector<std::string> unwritten_;
};

struct Pins {
  int processes = 0;
  std::unordered_set<std::string> keys;
};
// What living processes need. Files of dead ones are removed.
Pins read_pins(std::filesystem::path const& cache);

// The cache to oneself: nobody else looks for units meanwhile. Waits until all others have settled.
class CacheToOneself {
 public:
  static Result<CacheToOneself> wait(std::filesystem::path const& cache);
  CacheToOneself(CacheToOneself&& other) noexcept : lock_(std::exchange(other.lock_, -1)) {}
  CacheToOneself& operator=(CacheToOneself&&) = delete;
  ~CacheToOneself();

 private:
  explicit CacheToOneself(int lock) : lock_(lock) {}
  int lock_;
};

}  // namespace reelmill
