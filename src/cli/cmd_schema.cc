// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "project/schema.h"

namespace reelmill {

namespace {

int run(std::vector<std::string> const& arguments) {
  CLI::App app("Print the JSON Schema of project files, with which editors complete and check them", "reelmill schema");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  return print_json(project_schema());
}

}  // namespace

Command const schema_command{"schema", "Print the JSON Schema of project files, for editors", run,
                             "reelmill schema > reelmill.schema.json\n"
                             "# then, at the head of a project file:\n"
                             "# yaml-language-server: $schema=reelmill.schema.json"};

}  // namespace reelmill
