// SPDX-License-Identifier: GPL-3.0-or-later
// What `reelmill captions` can do: a file captions_<task>.cc with one name, and one line in cmd_captions.cc, for each.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reelmill {

struct CaptionsTask {
  std::string_view name, summary;
  // As of Command, what follows the task's name; its CLI::App is named "reelmill captions NAME".
  int (*run)(std::vector<std::string> const& arguments);
};

std::span<CaptionsTask const* const> captions_tasks();

extern CaptionsTask const captions_check, captions_convert, captions_sync;

}  // namespace reelmill
