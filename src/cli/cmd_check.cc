// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <optional>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "project/media_files.h"
#include "report/probe_json.h"
#include "report/probe_table.h"
#include "run/engine.h"

namespace reelmill {

namespace {

int run(std::vector<std::string> const& arguments) {
  std::vector<std::string> paths;
  ProberOptions options;
  bool json = false, verbose = false;
  int jobs = 0;
  CLI::App app(
      "Say whether media files are whole and what is in them; folders with everything below. Ends with 0 when all are valid, "
      "with 1 when any is not",
      "reelmill check");
  app.add_option("PATH", paths, "files, folders and patterns")->required();
  app.add_flag("--deep", options.deep, "decode everything: finds what the headers do not show, takes as long as decoding takes");
  app.add_flag("-v,--verbose", verbose, "notes too: what is worth knowing although nothing is wrong");
  app.add_option("-j,--jobs", jobs, "files at once (default: one per core)")->check(CLI::Range(1, 1024));
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  options.jobs = settled({.jobs = jobs, .plan = {}}).jobs;

  auto const files = media_files(paths);
  Events events;
  std::optional<LiveProgress> progress;
  if (!json && is_live(stderr)) {
    progress.emplace(stderr, style_for(stderr));
    events.subscribe([&](Event const& event) { progress->take(event); });
  }
  auto const probed = probe_files(files, options, events);
  progress.reset();
  if (!probed) return fail(probed.error(), json);
  if (json)
    print_json(json_of(*probed));
  else
    fmt::print("{}", probe_table(*probed, table_style_for(stdout), verbose ? Notes::show : Notes::hide));
  bool const all = std::all_of(probed->begin(), probed->end(), [](ProbedFile const& file) { return file.is_valid(); });
  return all ? 0 : exit_code_of(ErrorKind::rejected);
}

}  // namespace

Command const check_command{"check", "Say whether media files are whole and what is in them", run,
                            "reelmill check 00_source\n"
                            "reelmill check --deep clip.mp4 other.mov   # decode everything"};

}  // namespace reelmill
