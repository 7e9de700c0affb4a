// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "base/json.h"
#include "cli/commands.h"
#include "report/complain.h"

namespace reelmill {
namespace {

int run(std::vector<std::string> const& arguments) {
  if (arguments.empty()) {
    fmt::print("reelmill {}\n", REELMILL_VERSION);
  } else if (arguments == std::vector<std::string>{"--json"}) {
    fmt::print("{}\n", Json{{"name", "reelmill"}, {"version", REELMILL_VERSION}}.dump());
  } else if (arguments == std::vector<std::string>{"--help"}) {
    fmt::print("reelmill version [--json]\n\n  {}\n", version_command.summary);
  } else {
    return complain({ErrorKind::usage, fmt::format("version: unknown argument '{}'; it takes --json only", arguments[0])});
  }
  return 0;
}

}  // namespace

Command const version_command{.name = "version", .summary = "Print the version of this program", .run = run};

}  // namespace reelmill
