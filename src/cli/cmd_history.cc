// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <limits>

#include "base/clock.h"
#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/project_arguments.h"
#include "run/journal.h"
#include "run/workspace.h"

namespace reelmill {

namespace {

Json time_of(double wall) { return wall > 0 ? Json(utc_time(wall)) : Json(); }

Json json_of(JournalRun const& run) {
  return {{"run", run.id},
          {"fence", run.fence},
          {"host", run.host},
          {"pid", run.pid},
          {"outcome", run.outcome},
          {"started", time_of(run.started)},
          {"ended", time_of(run.ended)},
          {"units", run.units},
          {"attempts", run.attempts},
          {"failures", run.failures},
          {"outputs", run.outputs}};
}

Json json_of(JournalAttempt const& attempt) {
  return {{"label", attempt.label},
          {"walk", attempt.walk},
          {"outcome", attempt.outcome},
          {"kind", attempt.kind},
          {"what", attempt.what},
          {"started", time_of(attempt.started)},
          {"ended", time_of(attempt.ended)},
          {"cpu_seconds", attempt.cpu_seconds},
          {"peak_memory", attempt.peak_memory}};
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

void print(JournalRun const& run) {
  auto const took = run.ended > run.started ? " after " + human_duration(run.ended - run.started) : std::string();
  fmt::print("run {}, {} on {}: {}{}; {}, {}{}\n", run.id, utc_time(run.started), printable(run.host), run.outcome, took,
             counted(run.units, "unit", "units"), counted(run.outputs, "output", "outputs"),
             run.failures > 0 ? ", " + counted(run.failures, "failed attempt", "failed attempts") : "");
}

void print(JournalAttempt const& attempt) {
  auto const took = attempt.ended > attempt.started ? " " + human_duration(attempt.ended - attempt.started) : std::string();
  fmt::print("  {}: {}{}{}\n", printable(attempt.label), attempt.outcome, took,
             attempt.what.empty() ? "" : ": " + printable(attempt.what));
}

Result<int> show(std::filesystem::path const& place, std::int64_t number, int most, bool json) {
  std::error_code failed;
  auto const folder = project_folder(place);
  if (!std::filesystem::is_directory(folder / ".reelmill", failed))
    return Error{ErrorKind::missing,
                 fmt::format("looking for the journal of '{}': nothing was made there yet", printable(folder.string()))};
  auto const journal = TRY(Journal::read(TRY(TRY(Workspace::open(folder)).journal())));
  auto const runs = TRY(journal.runs(number > 0 ? std::numeric_limits<int>::max() : most));
  auto list = Json::array();
  for (auto const& run : runs) {
    if (number > 0 && run.id != number) continue;
    auto entry = json_of(run);
    if (!json) print(run);
    if (number > 0) {
      auto attempts = Json::array();
      for (auto const& attempt : TRY(journal.attempts(run.id))) {
        attempts.push_back(json_of(attempt));
        if (!json) print(attempt);
      }
      entry["tried"] = std::move(attempts);
    }
    list.push_back(std::move(entry));
  }
  if (number > 0 && list.empty()) return Error{ErrorKind::usage, fmt::format("--run {}: the journal has no such run", number)};
  return json ? print_json({{"runs", std::move(list)}}) : 0;
}

int run(std::vector<std::string> const& arguments) {
  std::string place = ".";
  std::int64_t number = 0;
  int most = 20;
  bool json = false;
  CLI::App app("Show what runs of a project did on this host: units made, attempts that failed, outputs", "reelmill history");
  app.add_option("PROJECT", place, "the project's folder")->capture_default_str();
  app.add_option("--run", number, "this run only, with every attempt")->type_name("N")->check(CLI::Range(1, 1 << 30));
  app.add_option("--last", most, "so many runs, the newest first")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 1 << 20));
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  auto const done = show(place, number, most, json);
  return done ? *done : fail(done.error(), json);
}

}  // namespace

Command const history_command{"history", "Show what runs of a project did", run,
                              "reelmill history                # of the project in this folder\n"
                              "reelmill history film --run 7   # every attempt of its seventh run"};

}  // namespace reelmill
