// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "project/starter.h"

namespace reelmill {

namespace {

int run(std::vector<std::string> const& arguments) {
  std::string name;
  bool json = false;
  CLI::App app("Make a project: folders for footage and results, and a project file to start from", "reelmill new");
  app.add_option("NAME", name, "the project's name, or a path that ends in it")->required();
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  if (name.empty()) return fail({ErrorKind::usage, "making a project: the name is empty"}, json);

  auto const file = make_project(name);
  if (!file) return fail(file.error(), json);
  auto const folder = std::filesystem::absolute(name).lexically_normal();
  if (json)
    return print_json({{"folder", folder.string()},
                       {"file", std::filesystem::absolute(*file).lexically_normal().string()},
                       {"folders", starter_folders()}});
  fmt::print("made '{0}'\nput footage into {0}/00_source/video/raw, look at {1}, then\n  cd {0} && reelmill run\n",
             printable(name), file->filename().string());
  return 0;
}

}  // namespace

Command const new_command{"new", "Make a project with folders and a project file to start from", run, "reelmill new launch-film"};

}  // namespace reelmill
