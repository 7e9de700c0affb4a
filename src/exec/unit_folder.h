// SPDX-License-Identifier: GPL-3.0-or-later
// The folder of one unit while it is made: ATTEMPT/<key>.part/, and ATTEMPT/<key>/ by rename once result.json is in it
// and everything is on disk.
#pragma once

#include <filesystem>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace reelmill {

class UnitFolder {
 public:
  static Result<UnitFolder> make(std::filesystem::path const& attempt, std::string const& key);
  std::filesystem::path path(std::string_view name) const { return part_ / name; }
  // Seals the folder (graph/seal.h). Files named by path() must have been synced by who wrote them.
  Result<void> finish(Json const& result);

 private:
  UnitFolder(std::filesystem::path part, std::filesystem::path whole) : part_(std::move(part)), whole_(std::move(whole)) {}
  std::filesystem::path part_, whole_;
};

}  // namespace reelmill
