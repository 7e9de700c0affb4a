// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <system_error>

#include "base/disk.h"
#include "base/text.h"
#include "cli/commands.h"
#include "report/complain.h"

namespace {
using namespace reelmill;

std::string help() {
  auto text = std::string(
      "reelmill is make for video: one file says what you want, reelmill does what is missing\n\n"
      "usage: reelmill COMMAND [ARGUMENTS]\n\n");
  std::size_t width = 0;
  for (auto const* command : commands()) width = std::max(width, command->name.size());
  for (auto const* command : commands()) text += fmt::format("  {:<{}}  {}\n", command->name, width, command->summary);
  return text + "\n`reelmill COMMAND --help` says more about one of them\n";
}

int dispatch(std::vector<std::string> arguments) {
  if (arguments.empty()) {
    fmt::print(stderr, "{}", help());
    return exit_code_of(ErrorKind::usage);
  }
  auto name = arguments[0];
  arguments.erase(arguments.begin());
  if (name == "help" && !arguments.empty()) {
    name = arguments[0];
    arguments = {"--help"};
  }
  if (name == "--help" || name == "-h" || name == "help") {
    fmt::print("{}", help());
    return 0;
  }
  if (name == "--version") name = "version";
  if (auto const* command = command_named(name)) return command->run(arguments);

  std::vector<std::string_view> names;
  for (auto const* command : commands()) names.push_back(command->name);
  return complain({ErrorKind::usage, fmt::format("unknown command '{}'{}; `reelmill --help` lists all", printable(name),
                                                 did_you_mean(name, names))});
}
}  // namespace

int main(int count, char** words) {
  // A file that may not grow is an error of the write, not the end of the run.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    int const code = dispatch({words + 1, words + count});
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) return complain(disk_error("writing the output", errno));
    return code;
  } catch (std::system_error const& failed) {
    return complain(disk_error("writing the output", failed.code().value()));
  } catch (std::exception const& escaped) {
    return complain({ErrorKind::bug, fmt::format("an exception escaped: {}", escaped.what())});
  }
}
