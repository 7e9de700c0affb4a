// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker tells the front: NDJSON on stdout, a line an event (graph/stage.h). Any thread.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace reelmill {

class Reporter {
 public:
  // At most ten a second are told, and the last.
  void progress(double done, double of, std::string_view unit);
  void unit_done(std::string const& key);
  void warning(std::string const& what);
  void sandbox(std::string const& level);
  void error(Error const& error);

 private:
  void tell(Json const& event);

  std::mutex mutex_;
  std::chrono::steady_clock::time_point last_progress_{};
  bool is_all_ = false;  // as of the last call
};

}  // namespace reelmill
