// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_log.h"

#include <fmt/format.h>

#include <cerrno>

#include "base/clock.h"
#include "base/disk.h"
#include "base/text.h"
#include "report/lines.h"

namespace reelmill {

Result<RunLog> RunLog::open(Workspace const& workspace) {
  auto path = TRY(workspace.new_log(wall_seconds()));
  errno = 0;
  std::ofstream file(path, std::ios::app);
  if (!file) return disk_error(fmt::format("opening the run log '{}'", path.string()), errno);
  return RunLog(std::move(path), std::move(file));
}

void RunLog::take(Event const& event) {
  auto text = sentence(event.what, Letters::ascii);
  if (auto const* it = std::get_if<UnitDone>(&event.what)) text = fmt::format("{}: unit {}", it->id, it->key);
  if (auto const* it = std::get_if<StageStarted>(&event.what)) text += fmt::format(" [{}, {}]", it->id, it->walk);
  if (text.empty()) return;
  file_ << utc_time(event.time) << "  " << printable(text) << '\n';
  if (auto const* it = std::get_if<AttemptFailed>(&event.what)) {
    for (auto line : split(trim(it->details), '\n'))
      if (!line.empty()) file_ << "    | " << printable(line) << '\n';
  }
  file_.flush();
}

}  // namespace reelmill
