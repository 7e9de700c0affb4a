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
  RunArguments run_arguments;
  bool dry_run = false;
  CLI::App app("Export any number of films for platforms; picture and sound are as in the source but for size and rate",
               "reelmill export");
  app.add_option("IN", wishes.inputs, "films, folders of films, patterns in quotes")->required();
  app.add_option("--to", wishes.presets, "presets, as youtube,tiktok; 'reelmill presets' lists them")
      ->type_name("PRESET")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->required();
  app.add_option("-o,--output", wishes.output, "the folder for NAME_PRESET.mp4 (default: this one)")->type_name("FOLDER");
  app.add_option("--set", wishes.settings, "change a preset, as youtube.crf=20; may be given several times")
      ->type_name("PRESET.KEY=VALUE")
      ->allow_extra_args(false);
  app.add_flag("--overwrite", wishes.overwrite, "replace files that reelmill did not make");
  app.add_flag("--dry-run", dry_run, "show the plan and do nothing");
  run_arguments.add_to(app);
  if (auto const done = parse_arguments(app, arguments)) return *done;
  auto const one_shot = export_for(wishes);
  if (!one_shot) return fail(one_shot.error(), false);
  auto const done = run_one_shot(*one_shot, run_arguments, dry_run);
  return done ? 0 : fail(done.error(), false);
}

}  // namespace

Command const export_command{"export", "Export films for platforms, without a project", run,
                             "reelmill export film.mp4 --to youtube,tiktok\n"
                             "reelmill export footage/ --to instagram -o upload/ --set instagram.fit=blur\n"
                             "reelmill export 'cuts/*.mov' --to web_optimized --to fast_draft -o out"};

}  // namespace reelmill
