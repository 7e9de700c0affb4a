// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/disk.h"
#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "project/media_files.h"
#include "report/lag_plot.h"
#include "report/sync_json.h"
#include "report/terminal.h"
#include "run/lone_stage.h"
#include "run/temporary_folder.h"

namespace reelmill {

namespace {
// The worker holds both at 16 KB a second; this is for a day of each.
constexpr std::int64_t memory = std::int64_t{3} << 30;
constexpr double processor_seconds = 600;

std::string name_of(std::string const& path) { return std::filesystem::path(path).filename().string(); }

Result<SyncFinding> find(std::string const& a, std::string const& b, Events& events) {
  for (auto const& path : {a, b})
    if (auto const faults = judge_unread(path); !is_valid(faults))
      return Error{ErrorKind::media, fmt::format("reading {}: {}", name_of(path), faults.front().message)};
  auto const folder = TRY(TemporaryFolder::make());
  SyncStage stage;
  stage.key = "sync";
  stage.a.source = TRY(nameable(a, folder.path(), "a"));
  stage.b.source = TRY(nameable(b, folder.path(), "b"));
  auto const result = TRY(run_alone(stage, folder.path(),
                                    {.label = fmt::format("comparing {} and {}", name_of(a), name_of(b)),
                                     .expected = {.memory = memory, .cpu_seconds = processor_seconds}},
                                    events));
  if (!result.is_object() || !result.contains("sync")) return Error{ErrorKind::bug, "comparing two sounds: the result is empty"};
  return parse_json<SyncFinding>(result["sync"].dump(), "what was found of two sounds");
}

constexpr std::int64_t most_of_a_plot = 16 << 20;  // bytes

// Only a plot may be replaced by one.
Result<void> check_plot(std::string const& plot) {
  std::error_code ignored;
  if (plot.empty() || !std::filesystem::exists(plot, ignored)) return {};
  constexpr std::string_view begin = "<svg";
  auto const there = std::filesystem::is_regular_file(plot, ignored) ? read_file(plot, most_of_a_plot) : Result<std::string>("");
  if (there && there->starts_with(begin)) return {};
  return Error{.kind = ErrorKind::usage,
               .what = fmt::format("--plot {}: there is something of that name that is no plot; give another name",
                                   printable(plot))};
}

int run(std::vector<std::string> const& arguments) {
  std::string a, b, plot;
  bool json = false;
  CLI::App app(
      "Find by how much the sound of B has to be delayed to match that of A, whether their clocks drift, and where either was "
      "cut. "
      "Ends with 0 when it is found, with 1 when it is not the same sound or too noisy to tell",
      "reelmill sync");
  app.add_option("A", a, "the recording that stays, a film or a sound")->required();
  app.add_option("B", b, "the recording to match")->required();
  app.add_option("--plot", plot, "draw the delay over time into this file (SVG)")->type_name("FILE");
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  if (auto const free = check_plot(plot); !free) return fail(free.error(), json);
  Events events;
  std::optional<LiveProgress> progress;
  if (!json && is_live(stderr)) {
    progress.emplace(stderr, style_for(stderr));
    events.subscribe([&](Event const& event) { progress->take(event); });
  }
  auto const finding = find(a, b, events);
  progress.reset();
  if (!finding) return fail(finding.error(), json);
  if (!plot.empty())
    if (auto const written = write_file_atomically(plot, lag_plot(*finding, name_of(a), name_of(b))); !written)
      return fail(written.error(), json);
  if (json)
    print_json(json_of(*finding));
  else
    fmt::print("{}", sync_text(*finding, name_of(b)));
  return finding->outcome == SyncOutcome::refused ? exit_code_of(ErrorKind::rejected) : 0;
}

}  // namespace

Command const sync_command{"sync", "Find the offset, drift and cuts between two recordings", run,
                           "reelmill sync camera.mp4 recorder.wav\n"
                           "reelmill sync camera.mp4 recorder.wav --plot lag.svg --json"};

}  // namespace reelmill
