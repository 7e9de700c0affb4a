// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/unit_folder.h"

#include "base/disk.h"
#include "graph/seal.h"

namespace reelmill {

Result<UnitFolder> UnitFolder::make(std::filesystem::path const& attempt, std::string const& key) {
  auto const part = attempt / (key + ".part");
  std::error_code problem;
  std::filesystem::remove_all(part, problem);
  TRY(make_folders(part));
  return UnitFolder(part, attempt / key);
}

Result<void> UnitFolder::finish(Json const& result) {
  TRY(write_file_atomically(part_ / "result.json", TRY(sealed_result(part_, result))));
  std::error_code problem;
  std::filesystem::rename(part_, whole_, problem);
  if (problem) return disk_error("finishing " + whole_.string(), problem.value());
  return sync_folder(whole_.parent_path());
}

}  // namespace reelmill
