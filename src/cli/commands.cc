// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"

#include <array>

namespace reelmill {
namespace {

constexpr std::array table{
    &new_command,     &check_command,      &probe_command,    &sync_command,   &transcribe_command, &models_command,
    &captions_command, &plan_command,      &run_command,      &why_command,    &clean_command,      &export_command,
    &loudness_command, &replace_audio_command, &subtitle_command, &ops_command, &presets_command,   &schema_command,
    &cache_command,   &history_command,    &doctor_command,   &completions_command, &man_command,   &licences_command,
    &version_command,
};

}  // namespace

std::span<Command const* const> commands() { return table; }

Command const* command_named(std::string_view name) {
  for (auto const* command : table)
    if (command->name == name) return command;
  return nullptr;
}

}  // namespace reelmill
