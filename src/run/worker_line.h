// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker says on its standard output, one JSON object a line (graph/stage.h). A worker has read hostile bytes, so
// nothing it says is taken on trust: texts are made printable, and what is not an event is told apart.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace reelmill {

struct WorkerProgress {
  double done = 0, total = 0;  // total 0: not said
  std::string unit;
};
struct WorkerUnit {
  std::string key;
};
struct WorkerWarning {
  std::string what;
};
struct WorkerError {
  ErrorKind kind = ErrorKind::failed;
  std::string what;
};
struct WorkerSandbox {
  std::string level;
};
struct NotAnEvent {
  std::string line;
};
using WorkerLine = std::variant<WorkerProgress, WorkerUnit, WorkerWarning, WorkerError, WorkerSandbox, NotAnEvent>;

WorkerLine parse_worker_line(std::string_view line);

}  // namespace reelmill
