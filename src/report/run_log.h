// SPDX-License-Identifier: GPL-3.0-or-later
// The log of one run: plain lines, each with its time, for reading long afterwards.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "run/events.h"
#include "run/workspace.h"

namespace reelmill {

class RunLog {
 public:
  // metadata/logs/<UTC time>.log
  static Result<RunLog> open(Workspace const& workspace);

  void take(Event const& event);
  std::filesystem::path const& path() const { return path_; }

 private:
  RunLog(std::filesystem::path path, std::ofstream file) : path_(std::move(path)), file_(std::move(file)) {}
  std::filesystem::path path_;
  std::ofstream file_;
};

}  // namespace reelmill
