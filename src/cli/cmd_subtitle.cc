// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/project_run.h"
#include "project/subtitle_shot.h"

namespace reelmill {

namespace {

int run(std::vector<std::string> const& arguments) {
  SubtitleWishes wishes;
  OneShotArguments one_shot;
  CLI::App app(
      "Give films captions of what is said in them, or of a caption file: as a track that can be switched on, or burned into the "
      "picture. The captions are kept beside the film; correct them there and run the same again, and only what shows them is made "
      "anew",
      "reelmill subtitle");
  app.add_option("-o,--output", wishes.output, "a file for one film; a folder for NAME_subtitled.mp4 of each")
      ->type_name("PLACE")
      ->required();
  app.add_flag("--burn", wishes.burn, "set them upon the picture, which is encoded for it; else it is copied");
  auto* const captions = app.add_option("--captions", wishes.captions, "take these, and transcribe nothing")->type_name("FILE");
  auto const parameter = [&](std::string const& option, std::string const& text, std::string const& type) {
    app.add_option_function<std::string>(
           "--" + option, [&wishes, option](std::string const& value) { wishes.transcribing[option] = value; }, text)
        ->type_name(type)
        ->excludes(captions);
  };
  parameter("model", "a model's name or file (default: base); 'reelmill models' lists what is there", "NAME");
  parameter("language", "that is spoken, such as en (default: auto)", "CODE");
  parameter("prompt", "names and spellings that the model is told beforehand", "TEXT");
  app.add_flag_callback(
         "--translate", [&] { wishes.transcribing["translate"] = "true"; }, "into English")
      ->excludes(captions);
  app.add_option("--profile", wishes.profile, "the rules by which captions are laid out, a name or a file (default: netflix)")
      ->type_name("NAME");
  app.add_option("--encoding", wishes.encoding, "of the caption file, such as windows-1252")->type_name("NAME")->needs(captions);
  app.add_option("--formats", wishes.formats, "of the captions that are kept: srt (default), vtt, ass, ttml, several with commas, none")
      ->type_name("LIST");
  app.add_option("--set", wishes.settings, "a parameter, as burn.size=30 or subtitled.crf=20; may be given several times")
      ->type_name("NAME.PARAMETER=VALUE")
      ->allow_extra_args(false);
  one_shot.add_to(app, wishes);
  if (auto const done = parse_arguments(app, arguments)) return *done;
  return one_shot.run(subtitles_for(wishes));
}

}  // namespace

Command const subtitle_command{"subtitle", "Give films captions, as a track or burned into the picture", run,
                               "reelmill subtitle talk.mp4 -o talk_en.mp4                 # a track, and talk_en.srt\n"
                               "reelmill subtitle talk.mp4 -o burned.mp4 --burn\n"
                               "reelmill subtitle talk.mp4 -o burned.mp4 --burn --captions talk.srt --set burn.size=30\n"
                               "reelmill subtitle talks/ -o captioned --formats srt,vtt --language de"};

}  // namespace reelmill
