// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "report/terminal.h"
#include "run/checkup.h"

namespace reelmill {

namespace {

std::string_view mark_of(Health health, Letters letters) {
  bool const unicode = letters == Letters::unicode;
  switch (health) {
    case Health::ok:
      return unicode ? "✓" : "ok";
    case Health::warning:
      return unicode ? "!" : "! ";
    case Health::bad:
      return unicode ? "✗" : "!!";
  }
  return "";
}

Json json_of(std::vector<Finding> const& findings, bool is_well) {
  auto checks = Json::array();
  for (auto const& finding : findings)
    checks.push_back({{"id", finding.id},
                      {"state", name_of(finding.health)},
                      {"what", finding.what},
                      {"detail", finding.detail},
                      {"advice", finding.advice}});
  return {{"ok", is_well}, {"version", REELMILL_VERSION}, {"checks", std::move(checks)}};
}

int run(std::vector<std::string> const& arguments) {
  std::string folder = ".";
  bool json = false;
  CLI::App app("See whether everything that Reelmill needs is here: programs, codecs, room, rights, fonts", "reelmill doctor");
  app.add_option("FOLDER", folder, "where you mean to work")->capture_default_str();
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;

  std::error_code ignored;
  auto const findings = check_up(std::filesystem::absolute(folder, ignored).lexically_normal(), REELMILL_VERSION);
  auto const bad = std::count_if(findings.begin(), findings.end(), [](auto const& f) { return f.health == Health::bad; });
  int const status = bad == 0 ? 0 : exit_code_of(ErrorKind::missing);
  if (json) {
    print_json(json_of(findings, bad == 0));
    return status;
  }
  auto const letters = style_for(stdout).letters;
  std::size_t width = 0;
  for (auto const& finding : findings) width = std::max(width, finding.what.size());
  for (auto const& finding : findings) {
    fmt::print("{} {:{}}  {}\n", mark_of(finding.health, letters), finding.what, width, printable(finding.detail));
    if (!finding.advice.empty()) fmt::print("  {:{}}  {}\n", "", width, printable(finding.advice));
  }
  fmt::print("\n{}\n", bad == 0 ? "all that is needed is here" : fmt::format("{} of {} checks failed", bad, findings.size()));
  return status;
}

}  // namespace

Command const doctor_command{"doctor", "See whether everything needed is here", run,
                             "reelmill doctor\n"
                             "reelmill doctor /media/footage --json"};

}  // namespace reelmill
