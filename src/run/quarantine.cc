// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/quarantine.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>

#include "base/disk.h"
#include "base/text.h"
#include "graph/seal.h"

namespace reelmill {

namespace fs = std::filesystem;

fs::path quarantine(fs::path const& cache, std::string const& key) {
  std::error_code failed;
  fs::create_directories(cache / "quarantine", failed);
  auto const from = cache / key.substr(0, 2) / key;
  for (int i = 1; i < 100; ++i) {
    auto const to = cache / "quarantine" / fmt::format("{}.{}", key, i);
    if (std::rename(from.c_str(), to.c_str()) == 0) return to;
    if (errno != EEXIST && errno != ENOTEMPTY) break;
  }
  fs::remove_all(from, failed);
  return {};
}

Result<void> check_unit_contents(fs::path const& folder, std::int64_t* looked) {
  auto const file = folder / "result.json";
  auto const text = TRY(read_file(file));
  if (!seal_holds(text))
    return Error{ErrorKind::failed, fmt::format("checking '{}': it is not what was sealed", printable(file.string()))};
  if (looked) *looked += static_cast<std::int64_t>(text.size());
  return check_files(folder, Json::parse(text, nullptr, false), Look::at_contents, looked);
}

}  // namespace reelmill
