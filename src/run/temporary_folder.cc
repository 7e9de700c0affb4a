// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/temporary_folder.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/text.h"

namespace reelmill {

namespace fs = std::filesystem;

Result<TemporaryFolder> TemporaryFolder::make() {
  std::error_code failed;
  auto const place = fs::temp_directory_path(failed);
  if (failed) return disk_error("looking for the folder of temporary files", failed.value());
  auto pattern = (place / "reelmill-XXXXXX").string();
  if (!mkdtemp(pattern.data())) return disk_error(fmt::format("making a folder in '{}'", place.string()), errno);
  return TemporaryFolder(pattern);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

Result<std::string> nameable(fs::path const& file, fs::path const& folder, std::string const& name) {
  std::error_code failed;
  auto const whole = fs::absolute(file, failed);
  if (is_utf8(whole.string())) return whole.string();
  auto const link = folder / (name + printable(whole.extension().string()));
  fs::create_symlink(whole, link, failed);
  if (failed) return disk_error(fmt::format("linking '{}'", printable(whole.string())), failed.value());
  return link.string();
}

}  // namespace reelmill
