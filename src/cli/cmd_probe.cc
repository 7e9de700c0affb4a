// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "report/probe_json.h"
#include "report/probe_table.h"

namespace reelmill {

namespace {

int run(std::vector<std::string> const& arguments) {
  std::string path;
  ProberOptions options;
  bool json = false;
  CLI::App app("Show everything about one media file; ends with 1 when the file is not valid", "reelmill probe");
  app.add_option("FILE", path, "the file")->required();
  app.add_flag("--deep", options.deep, "decode everything");
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  if (std::error_code ignored; std::filesystem::is_directory(path, ignored))
    return fail({ErrorKind::usage, fmt::format("'{}' is a folder; 'reelmill check' looks at all in it", printable(path))}, json);
  Events events;
  auto const probed = probe_files({path}, options, events);
  if (!probed) return fail(probed.error(), json);
  auto const& file = probed->front();
  if (json)
    print_json(json_of(file));
  else
    fmt::print("{}", probe_page(file, table_style_for(stdout)));
  return file.is_valid() ? 0 : exit_code_of(ErrorKind::rejected);
}

}  // namespace

Command const probe_command{"probe", "Show everything about one media file", run, "reelmill probe clip.mp4"};

}  // namespace reelmill
