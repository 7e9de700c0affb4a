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
  // What follows the name → exit code. It declares its arguments with a CLI::App named "reelmill NAME" and hands it to
  // parse_arguments before it does anything else: help, completions and man pages come from that declaration.
  int (*run)(std::vector<std::string> const& arguments);
  std::string_view examples{};  // command lines, one a line; `# …` after one says what it does
};

// In the order shown to users.
std::span<Command const* const> commands();
Command const* command_named(std::string_view name);

extern Command const new_command, check_command, probe_command, sync_command, transcribe_command, models_command,
    captions_command, plan_command, run_command, why_command, clean_command, export_command, loudness_command,
    replace_audio_command, subtitle_command, ops_command, presets_command, schema_command, cache_command, history_command,
    doctor_command, completions_command, man_command, licences_command, version_command;

}  // namespace reelmill
