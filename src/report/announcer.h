// SPDX-License-Identifier: GPL-3.0-or-later
// What a command that runs work says while it runs: people get progress, `--json` gets one event a line.
#pragma once

#include <cstdio>
#include <optional>

#include "report/run_log.h"
#include "report/terminal.h"
#include "run/events.h"

namespace reelmill {

enum class Reporting { people, json };

// Listens to `events` from construction on; must outlive whoever emits. Everything goes to `out`.
class Announcer {
 public:
  Announcer(Events& events, Reporting reporting, std::FILE* out = stdout);
  Announcer(Announcer const&) = delete;
  Announcer& operator=(Announcer const&) = delete;

  // From now on also into the log.
  void keep(RunLog log) { log_.emplace(std::move(log)); }

 private:
  void take(Event const& event);

  std::FILE* out_;
  std::optional<LiveProgress> live_;
  std::optional<PlainProgress> plain_;
  std::optional<RunLog> log_;
};

}  // namespace reelmill
