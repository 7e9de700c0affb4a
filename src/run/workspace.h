// SPDX-License-Identifier: GPL-3.0-or-later
// Where a project keeps what it works with. What lies under .reelmill/:
//
//   PROJECT/.reelmill/lock                 the lease of the one run that works here (Lease)
//   PROJECT/.reelmill/attempts/N-ID/       one worker's attempt at a stage: attempt.json, stage.json, then its units
//   PROJECT/.reelmill/memory/xx/…json      small records (Store::remember)
//   PROJECT/.reelmill/cache/xx/KEY/        results (Store); $REELMILL_CACHE puts them elsewhere
//   …/cache/{lock,in-use/,quarantine/,trash/}  see run/cache_use.h, quarantine.h, cache_care.h
//   PROJECT/metadata/logs/TIME.log         what each run said
//
//   STATE/journals/ID.db                   the project's journal (Journal), in the user's state folder: $REELMILL_STATE,
//                                          $XDG_STATE_HOME/reelmill or ~/.local/state/reelmill
//
// What belongs to no project lies below the user's cache folder: $REELMILL_CACHE, $XDG_CACHE_HOME/reelmill or
// ~/.cache/reelmill:
//
//   USER/one-shots/ID/{lock,attempts,logs}   of one command; the same command takes the same again
//   USER/memory/xx/…json, USER/cache/xx/KEY/ shared by all of them; $REELMILL_CACHE/xx/KEY/ where that is set
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "run/lease.h"

namespace reelmill {

class Workspace {
 public:
  // Makes the folders that are missing.
  static Result<Workspace> open(std::filesystem::path const& project);
  // For work that belongs to no project; `folder` is where its films go, `id` a file's name.
  static Result<Workspace> open_one_shot(std::filesystem::path const& folder, std::string_view id);

  // Fails with kind `lost` (try again) while another run holds it.
  Result<Lease> lease() const;

  std::filesystem::path attempts() const { return work_ / "attempts"; }
  std::filesystem::path const& memory() const { return memory_; }
  std::filesystem::path const& cache() const { return cache_; }

  // Of this folder at this place: a project that was moved or copied begins one of its own. Nothing is made.
  Result<std::filesystem::path> journal() const;
  // Whether the units lie with the project, and not in a cache that others may use.
  bool has_own_cache() const { return cache_.parent_path() == work_; }

  // A path that nothing has yet, in the order asked for; the folder is made.
  Result<std::filesystem::path> new_attempt(std::string_view stage_id) const;
  // The file is not made; its folder is.
  Result<std::filesystem::path> new_log(double wall) const;

 private:
  Workspace() = default;
  Result<void> make() const;

  std::filesystem::path project_, work_, memory_, cache_, logs_;
};

// Where what belongs to no project is kept; nothing is made.
Result<std::filesystem::path> user_cache_folder();

// Where the units of the project in a folder, and those of no project lie; nothing is made.
Result<std::filesystem::path> units_of(std::filesystem::path const& project);
Result<std::filesystem::path> users_units();

}  // namespace reelmill
