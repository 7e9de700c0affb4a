// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/completions.h"

namespace reelmill {

namespace {

int run(std::vector<std::string> const& arguments) {
  std::string shell;
  CLI::App app("Print a script that completes reelmill's commands, options, operations and presets", "reelmill completions");
  app.add_option("SHELL", shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  if (auto const done = parse_arguments(app, arguments)) return *done;
  fmt::print("{}", shell == "bash" ? bash_completions() : shell == "zsh" ? zsh_completions() : fish_completions());
  return 0;
}

}  // namespace

Command const completions_command{"completions", "Print a shell's completion script", run,
                                  "source <(reelmill completions bash)\n"
                                  "reelmill completions zsh > ~/.zfunc/_reelmill\n"
                                  "reelmill completions fish > ~/.config/fish/completions/reelmill.fish"};

}  // namespace reelmill
