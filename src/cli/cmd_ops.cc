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
  app.add_option("OPERATION", name, "show the parameters of this one");
  auto* const json_flag = app.add_flag("--json", json, "print one JSON document");
  app.add_flag("--markdown", markdown, "print docs/operations.md")->excludes(json_flag);
  if (auto const done = parse_arguments(app, arguments)) return *done;

  if (!name.empty()) {
    if (operation_named(name) == nullptr) {
      std::vector<std::string_view> names;
      for (auto const* const known : operations()) names.push_back(known->name);
      return fail({ErrorKind::usage, fmt::format("there is no operation '{}'{}", printable(name), did_you_mean(name, names))},
                  json);
    }
  }
  // One name may stand for an operation of the picture and one of the sound.
  auto const is_wanted = [&](Operation const& operation) { return name.empty() || operation.name == name; };
  if (json) {
    auto list = Json::array();
    for (auto const* const operation : operations())
      if (is_wanted(*operation)) list.push_back(operation_json(*operation));
    return print_json({{"operations", std::move(list)}});
  }
  if (name.empty()) {
    fmt::print("{}", markdown ? operations_markdown() : operations_text());
    return 0;
  }
  std::string_view between;
  for (auto const* const operation : operations()) {
    if (!is_wanted(*operation)) continue;
    fmt::print("{}{}", between, markdown ? operation_markdown(*operation) : operation_text(*operation));
    between = "\n";
  }
  return 0;
}

}  // namespace

Command const ops_command{"ops", "Show the operations and their parameters", run,
                          "reelmill ops\n"
                          "reelmill ops stabilize   # its parameters, with ranges and defaults"};

}  // namespace reelmill
