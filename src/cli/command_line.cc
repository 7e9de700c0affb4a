// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command_line.h"

#include <cstdio>

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include "report/complain.h"

namespace reelmill {

std::optional<int> parse_arguments(CLI::App& app, std::vector<std::string> const& arguments) {
  try {
    // CLI11 takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    return std::nullopt;
  } catch (CLI::CallForHelp const&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (CLI::ParseError const& mistake) {
    fmt::print(stderr, "{}: {}, see '{} --help'\n", app.get_name(), mistake.what(), app.get_name());
    return exit_code_of(ErrorKind::usage);
  }
}

int print_json(Json const& document) {
  fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
  return 0;
}

int fail(Error const& error, bool json) {
  if (json)
    print_json({{"error", {{"kind", name_of(error.kind)}, {"what", error.text()}}}});
  else
    fmt::print(stderr, "{}\n", error.text());
  return exit_code_of(error.kind);
}

}  // namespace reelmill
