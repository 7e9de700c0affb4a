// SPDX-License-Identifier: GPL-3.0-or-later
// Whether everything that Reelmill needs is here, for `reelmill doctor`.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace reelmill {

enum class Health { ok, warning, bad };

struct Finding {
  std::string id;  // stable: "worker", "encoder.libx264", "disk.project", …
  Health health = Health::ok;
  std::string what;    // "encoder libx264"
  std::string detail;  // "H.264"
  std::string advice;  // what to do; empty where all is well
};

// Starts the worker, writes and removes a file in `folder` and in the cache folder; changes nothing else. `version` is the
// front's.
std::vector<Finding> check_up(std::filesystem::path const& folder, std::string_view version);

std::string_view name_of(Health health);  // "ok", "warn", "fail"

}  // namespace reelmill
