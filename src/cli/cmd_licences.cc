// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/third_party.h"

namespace reelmill {

namespace {

// The rows of the page's tables, with the heading each stands under.
Json rows_of(std::string_view page) {
  auto rows = Json::array();
  std::string heading;
  for (auto const line : split(page, '\n')) {
    if (line.starts_with("## ")) heading = line.substr(3);
    auto const cells = split(line, '|');
    if (cells.size() != 4 || line.starts_with("|---")) continue;
    auto const name = trim(cells[1]), licence = trim(cells[2]);
    if (licence != "licence") rows.push_back({{"name", name}, {"licence", licence}, {"used", heading}});
  }
  return rows;
}

int run(std::vector<std::string> const& arguments) {
  bool json = false;
  CLI::App app("Show the licence of Reelmill and of what others made for it", "reelmill licences");
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  if (json) return print_json({{"licence", "GPL-3.0-or-later"}, {"third_party", rows_of(third_party_page())}});
  fmt::print("{}", third_party_page());
  return 0;
}

}  // namespace

Command const licences_command{"licences", "Show the licences of Reelmill and its libraries", run, "reelmill licences"};

}  // namespace reelmill
