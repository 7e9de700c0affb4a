// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts that complete command lines in shells, made of what the commands declare and of the tables of operations and
// presets.
#pragma once

#include <string>

namespace reelmill {

std::string bash_completions();
std::string zsh_completions();
std::string fish_completions();

}  // namespace reelmill
