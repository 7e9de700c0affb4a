// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "ops/reference.h"

namespace reelmill {

namespace {

int run(std::vector<std::string> const& arguments) {
  std::string name;
  bool json = false, markdown = false;
  CLI::App app("Show the operations that 'video:' and 'audio:' of a project can list", "reelmill ops");
  app.add_option("NAME", name, "show the parameters of this one");
  auto* const json_flag = app.add_flag("--json", json, "print one JSON document");
  app.add_flag("--markdown", markdown, "print docs/operations.md")->excludes(json_flag);
  if (auto const done = parse_arguments(app, arguments)) return *done;

  if (!name.empty()) {
    auto const* const operation = operation_named(name);
    if (operation == nullptr) {
      std::vector<std::string_view> names;
      for (auto const* const known : operations()) names.push_back(known->name);
      return fail({ErrorKind::usage, fmt::format("there is no operation '{}'{}", printable(name), did_you_mean(name, names))},
                  json);
    }
    if (json) return print_json(operation_json(*operation));
    fmt::print("{}", markdown ? operation_markdown(*operation) : operation_text(*operation));
    return 0;
  }
  if (json) {
    auto list = Json::array();
    for (auto const* const operation : operations()) list.push_back(operation_json(*operation));
    return print_json({{"operations", std::move(list)}});
  }
  fmt::print("{}", markdown ? operations_markdown() : operations_text());
  return 0;
}

}  // namespace

Command const ops_command{"ops", "Show the operations and their parameters", run};

}  // namespace reelmill
