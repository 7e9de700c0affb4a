// SPDX-License-Identifier: GPL-3.0-or-later
// A command of the program: one file cmd_<name>.cc with one name, and one line in commands.cc.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reelmill {

struct Command {
  std::string_view name, summary;
  int (*run)(std::vector<std::string> const& arguments);  // what follows the name → exit code
};

// In the order shown to users.
std::span<Command const* const> commands();
Command const* command_named(std::string_view name);

extern Command const new_command, check_command, probe_command, plan_command, run_command, ops_command, presets_command,
    version_command;

}  // namespace reelmill
