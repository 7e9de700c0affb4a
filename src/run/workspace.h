// SPDX-License-Identifier: GPL-3.0-or-later
// Where a project keeps what it works with. Every path under .reelmill/ is made here and nowhere else:
//
//   PROJECT/.reelmill/lock                 held by the one run that works here
//   PROJECT/.reelmill/attempts/N-ID/       one worker's attempt at a stage: stage.json, then its units
//   PROJECT/.reelmill/memory/xx/…json      small records (Store::remember)
//   PROJECT/.reelmill/cache/xx/KEY/        results (Store); $REELMILL_CACHE puts them elsewhere
//   PROJECT/metadata/logs/TIME.log         what each run said
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

namespace reelmill {

// Permission to run work in a project; given back when destroyed, and by the kernel when the process dies.
class Lease {
 public:
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease();

 private:
  friend class Workspace;
  explicit Lease(int file) : file_(file) {}
  int file_;
};

class Workspace {
 public:
  // Makes the folders that are missing.
  static Result<Workspace> open(std::filesystem::path const& project);
  // For work that belongs to no project; `folder` is where its films go, `id` a file's name.
  static Result<Workspace> open_one_shot(std::filesystem::path const& folder, std::string_view id);

  // Fails with kind `lost` (try again) while another run holds it.
  Result<Lease> lease() const;

  std::filesystem::path const& project() const { return project_; }
  std::filesystem::path attempts() const { return work_ / "attempts"; }
  std::filesystem::path const& memory() const { return memory_; }
  std::filesystem::path const& cache() const { return cache_; }
  std::filesystem::path const& logs() const { return logs_; }

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

}  // namespace reelmill
