// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/project_run.h"
#include "project/one_shot.h"

namespace reelmill {

namespace {

void add_operation_flag(CLI::App& app, Operation const& operation, std::map<std::string, bool>& switched) {
  auto const name = std::string(operation.name), flag = "--" + name;
  // A name that works on the picture and on the sound is one flag.
  if (app.get_option_no_throw(flag) != nullptr) return;
  bool const is_usual = is_in_clean_up(name);
  app.add_flag_callback(
         flag, [&switched, name] { switched[name] = true; }, std::string(operation.summary))
      ->group(fmt::format("{}{}", operation.track == Track::video ? "picture" : "sound", is_usual ? "" : ", when asked for"));
}

void add_leave_out_flag(CLI::App& app, Operation const& operation, std::map<std::string, bool>& switched) {
  auto const name = std::string(operation.name), flag = "--no-" + name;
  if (app.get_option_no_throw(flag) != nullptr) return;
  app.add_flag_callback(
         flag, [&switched, name] { switched[name] = false; }, fmt::format("leave out {}", name))
      ->group(is_in_clean_up(name) ? "left out" : "")
      ->excludes("--" + name);
}

// One for each operation of the table; what is on by itself comes first.
void add_operation_flags(CLI::App& app, std::map<std::string, bool>& switched) {
  for (bool const usual : {true, false})
    for (auto const track : {Track::video, Track::audio})
      for (auto const* const operation : operations())
        if (operation->track == track && is_in_clean_up(operation->name) == usual) add_operation_flag(app, *operation, switched);
  for (auto const* const operation : operations())
    if (operation->track != Track::captions) add_leave_out_flag(app, *operation, switched);
}

int run(std::vector<std::string> const& arguments) {
  CleanWishes wishes;
  OneShotArguments one_shot;
  CLI::App app("Steady the picture, grade it and clean the sound of any number of films; size and frame rate stay",
               "reelmill clean");
  app.add_option("-o,--output", wishes.output, "a file for one film; a folder for NAME_clean.mp4 of each")
      ->type_name("PLACE")
      ->required();
  app.add_option("--set", wishes.settings, "a parameter, as grade.brightness=0.1 or clean.crf=20; may be given several times")
      ->type_name("NAME.PARAMETER=VALUE")
      ->allow_extra_args(false);
  one_shot.add_to(app, wishes);
  add_operation_flags(app, wishes.switched);
  if (auto const done = parse_arguments(app, arguments)) return *done;
  return one_shot.run(clean_up(wishes));
}

}  // namespace

Command const clean_command{"clean", "Steady, grade and clean the sound of films, without a project", run,
                            "reelmill clean shaky.mp4 -o steady.mp4\n"
                            "reelmill clean footage/ 'more/*.mov' -o cleaned/          # every film in there\n"
                            "reelmill clean talk.mp4 -o talk2.mp4 --no-stabilize --set highpass.frequency=80\n"
                            "reelmill clean a.mp4 -o b.mp4 --set grade.brightness=0.1 --set clean.crf=20 --dry-run"};

}  // namespace reelmill
