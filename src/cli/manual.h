// SPDX-License-Identifier: GPL-3.0-or-later
// Manual pages in roff, made of what the commands declare and of the tables of operations and presets.
#pragma once

#include <string>
#include <vector>

#include "cli/commands.h"

namespace reelmill {

struct ManualPage {
  std::string name;  // "reelmill-run"
  int section = 1;
  std::string text;
};

ManualPage program_page();                        // reelmill(1)
ManualPage command_page(Command const& command);  // reelmill-run(1)
ManualPage operations_page();                     // reelmill-operations(7)
std::vector<ManualPage> every_page();

}  // namespace reelmill
