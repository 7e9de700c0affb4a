// SPDX-License-Identifier: GPL-3.0-or-later
// What the worker says of itself when asked (src/exec/versions.h). Asking starts it: some 50 ms.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace reelmill {

struct WorkerVersions {
  std::filesystem::path program;
  std::string version;
  std::vector<std::pair<std::string, std::string>> libraries;
  std::set<std::string> encoders, filters;  // FFmpeg's names
  std::optional<std::string> sandbox;       // the level reached; nothing: the kernel refuses
  std::string sandbox_error;
  struct Build {
    std::string library, file, id;  // "libx264", where it lies, its build id or nothing
  };
  std::vector<Build> builds;  // of the shared libraries it has loaded
};

// Kind missing: there is none, or it does not answer as a worker does.
Result<WorkerVersions> worker_versions();

}  // namespace reelmill
