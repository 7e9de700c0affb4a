// SPDX-License-Identifier: GPL-3.0-or-later
// A folder for work that nobody keeps; it is removed with all that is in it.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "base/result.h"

namespace reelmill {

class TemporaryFolder {
 public:
  static Result<TemporaryFolder> make();
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();
  std::filesystem::path const& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// The file under a name that a stage file, which is UTF-8, can have: its own, or that of a link called `name` in `folder`.
Result<std::string> nameable(std::filesystem::path const& file, std::filesystem::path const& folder, std::string const& name);

}  // namespace reelmill
