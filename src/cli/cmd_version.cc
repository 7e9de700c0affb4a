// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "run/worker_versions.h"

namespace reelmill {
namespace {

int run(std::vector<std::string> const& arguments) {
  bool json = false, libraries = false;
  CLI::App app("Print the version of this program, and of the libraries it works with", "reelmill version");
  app.add_flag("--libraries", libraries, "ask the worker for those of the media libraries too");
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  Json document{{"name", "reelmill"}, {"version", REELMILL_VERSION}};
  std::string text = fmt::format("reelmill {}\n", REELMILL_VERSION);
  if (libraries) {
    auto const worker = worker_versions();
    if (!worker) return fail(worker.error(), json);
    document["worker"] = worker->version;
    document["libraries"] = Json::object();
    text += fmt::format("reelmill-worker {}\n", worker->version);
    for (auto const& [name, version] : worker->libraries) {
      document["libraries"][name] = version;
      text += fmt::format("  {} {}\n", name, version);
    }
  }
  if (json) return print_json(document);
  fmt::print("{}", text);
  return 0;
}

}  // namespace

Command const version_command{"version", "Print the version of this program", run,
                              "reelmill version\n"
                              "reelmill version --libraries   # and of FFmpeg's libraries"};

}  // namespace reelmill
