// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/disk.h"
#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/manual.h"

namespace reelmill {

namespace {

constexpr std::string_view operations_name = "operations";

Result<void> write_all(std::filesystem::path const& folder) {
  TRY(make_folders(folder));
  for (auto const& page : every_page())
    TRY(write_file_atomically(folder / fmt::format("{}.{}", page.name, page.section), page.text));
  return Done{};
}

int run(std::vector<std::string> const& arguments) {
  std::string name, folder;
  CLI::App app("Print a manual page in roff: of reelmill itself, of a command, or of the operations", "reelmill man");
  app.add_option("COMMAND", name, "the command, or 'operations'");
  app.add_option("--write", folder, "write every page into this folder instead")->type_name("FOLDER");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  if (!folder.empty()) {
    auto const written = write_all(folder);
    return written ? 0 : fail(written.error());
  }
  if (name.empty()) {
    fmt::print("{}", program_page().text);
  } else if (name == operations_name) {
    fmt::print("{}", operations_page().text);
  } else if (auto const* const command = command_named(name)) {
    fmt::print("{}", command_page(*command).text);
  } else {
    std::vector<std::string_view> names{operations_name};
    for (auto const* const known : commands()) names.push_back(known->name);
    return fail({ErrorKind::usage, fmt::format("there is no command '{}'{}", printable(name), did_you_mean(name, names))});
  }
  return 0;
}

}  // namespace

Command const man_command{"man", "Print a manual page", run,
                          "reelmill man run | man -l -\n"
                          "reelmill man --write man/   # every page"};

}  // namespace reelmill
