// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/project_run.h"
#include "project/one_shot.h"

namespace reelmill {

namespace {

int run(std::vector<std::string> const& arguments) {
  ExportWishes wishes;
  wishes.output = ".";
  OneShotArguments one_shot;
  CLI::App app("Export any number of films for platforms; picture and sound are as in the source but for size and rate",
               "reelmill export");
  app.add_option("--to", wishes.presets, "presets, as youtube,tiktok; 'reelmill presets' lists them")
      ->type_name("PRESET")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->required();
  app.add_option("-o,--output", wishes.output, "the folder for NAME_PRESET.mp4 (default: this one)")->type_name("FOLDER");
  app.add_option("--set", wishes.settings, "change a preset, as youtube.crf=20; may be given several times")
      ->type_name("PRESET.KEY=VALUE")
      ->allow_extra_args(false);
  one_shot.add_to(app, wishes);
  if (auto const done = parse_arguments(app, arguments)) return *done;
  return one_shot.run(export_for(wishes));
}

}  // namespace

Command const export_command{"export", "Export films for platforms, without a project", run,
                             "reelmill export film.mp4 --to youtube,tiktok\n"
                             "reelmill export footage/ --to instagram -o upload/ --set instagram.fit=blur\n"
                             "reelmill export 'cuts/*.mov' --to web_optimized --to fast_draft -o out"};

}  // namespace reelmill
