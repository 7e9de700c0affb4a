// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/reporter.h"

#include <cstdio>
#include <utility>

namespace reelmill {

void Reporter::tell(Json const& event) {
  // File names may hold bytes that are not UTF-8.
  auto const line = event.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::scoped_lock const lock(mutex_);
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

void Reporter::progress(double done, double of, std::string_view unit) {
  auto const now = std::chrono::steady_clock::now();
  {
    std::scoped_lock const lock(mutex_);
    bool const was_all = std::exchange(is_all_, done >= of);
    bool const is_last = is_all_ && !was_all;
    if (!is_last && now - last_progress_ < std::chrono::milliseconds(100)) return;
    last_progress_ = now;
  }
  tell({{"event", "progress"}, {"done", done}, {"of", of}, {"unit", unit}});
}

void Reporter::unit_done(std::string const& key) { tell({{"event", "done"}, {"key", key}}); }
void Reporter::warning(std::string const& what) { tell({{"event", "warning"}, {"what", what}}); }
void Reporter::sandbox(std::string const& level) { tell({{"event", "sandbox"}, {"level", level}}); }
void Reporter::error(Error const& error) { tell({{"event", "error"}, {"kind", name_of(error.kind)}, {"what", error.text()}}); }

}  // namespace reelmill
