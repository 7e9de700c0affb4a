// SPDX-License-Identifier: GPL-3.0-or-later
// What a command takes, as it declares it to CLI11: help, completions and man pages are made of this.
#pragma once

#include <string>
#include <vector>

#include "cli/commands.h"

namespace CLI {
class App;
}

namespace reelmill {

struct ArgumentUsage {
  std::vector<std::string> names;  // "-j", "--jobs"; of a positional its one name, "PROJECT"
  std::string value;               // what the option takes, "N"; empty: it is a flag
  std::string help;
  std::string standard;  // what it is when not given; empty: nothing to say
  std::string group;     // under which heading help shows it
  bool is_positional = false, is_required = false, repeats = false;
};

struct Usage {
  std::string name;  // "reelmill run"
  std::string description;
  std::vector<ArgumentUsage> arguments;  // positionals in their order, then options in that of their declaration
  std::string examples;

  // "reelmill run [OPTION]... [PROJECT]"
  std::string synopsis() const;
};

Usage usage_of(CLI::App const& app);
// Asks the command, or one of its tasks, for its declaration; for one thread.
Usage usage_of(Command const& command);
Usage usage_of(int (*run)(std::vector<std::string> const& arguments));

std::string help_text(Usage const& usage);

}  // namespace reelmill
