// SPDX-License-Identifier: GPL-3.0-or-later
// Where a project keeps what it works with. Every path under .reelmill/ is made here and nowhere else:
//
//   PROJECT/.reelmill/lock                 held by the one run that works here
//   PROJECT/.reelmill/attempts/N-ID/       one worker's attempt at a stage: stage.json, then its units
//   PROJECT/.reelmill/memory/xx/…json      small records (Store::remember)
//   PROJECT/.reelmill/cache/xx/KEY/        results (Store); $REELMILL_CACHE puts them elsewhere
//   PROJECT/metadata/logs/TIME.log         what each run said
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

  // Fails with kind `lost` (try again) while another run holds it.
  Result<Lease> lease() const;

  std::filesystem::path const& project() const { return project_; }
  std::filesystem::path attempts() const { return work_ / "attempts"; }
  std::filesystem::path memory() const { return work_ / "memory"; }
  std::filesystem::path const& cache() const { return cache_; }
  std::filesystem::path logs() const { return project_ / "metadata" / "logs"; }

  // A path that nothing has yet, in the order asked for; the folder is made.
  Result<std::filesystem::path> new_attempt(std::string_view stage_id) const;
  // The file is not made; its folder is.
  Result<std::filesystem::path> new_log(double wall) const;

 private:
  Workspace(std::filesystem::path project, std::filesystem::path cache);

  std::filesystem::path project_, work_, cache_;
};

}  // namespace reelmill
