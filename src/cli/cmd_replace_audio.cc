// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/project_run.h"
#include "project/replace_shot.h"

namespace reelmill {

namespace {

int run(std::vector<std::string> const& arguments) {
  ReplaceWishes wishes;
  OneShotArguments one_shot;
  std::string film;
  CLI::App app(
      "Give a film the sound of another recording, in step with its picture, which is copied as it is. Ends with 1, and writes "
      "nothing, "
      "when the two do not match",
      "reelmill replace-audio");
  app.add_option("VIDEO", film, "the film")->required();
  app.add_option("AUDIO", wishes.sound, "a sound, or a film whose sound is taken")->required();
  app.add_option("-o,--output", wishes.output, "the new film; its extension says the container")->type_name("FILE")->required();
  app.add_option(
         "--offset", wishes.offset,
         "how much later the new sound begins than the picture, as 120ms or 1.5s, negative: earlier; auto (default): by what "
         "both have in common")
      ->type_name("TIME");
  auto* const video = app.add_flag_callback(
      "--keep-video", [&] { wishes.ends = "video"; }, "to the end of the picture, also where the new sound ends before");
  app.add_flag_callback(
         "--keep-all", [&] { wishes.ends = "all"; }, "to the end of both")
      ->excludes(video);
  one_shot.add_options_to(app, wishes);
  if (auto const done = parse_arguments(app, arguments)) return *done;
  wishes.inputs = {film};
  return one_shot.run(replace_sound(wishes));
}

}  // namespace

Command const replace_audio_command{
    "replace-audio", "Give a film the sound of another recording, in step with the picture", run,
    "reelmill replace-audio camera.mp4 recorder.wav -o film.mp4        # finds the offset itself\n"
    "reelmill replace-audio camera.mp4 dub.wav -o film.mp4 --offset 120ms\n"
    "reelmill replace-audio camera.mp4 dub.wav -o film.mp4 --offset=-0.5s --keep-video"};

}  // namespace reelmill
