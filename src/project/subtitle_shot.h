// SPDX-License-Identifier: GPL-3.0-or-later
// What `reelmill subtitle` makes: films with captions, as a track beside a picture that is copied or burned into one that is encoded.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "project/one_shot.h"

namespace reelmill {

struct SubtitleWishes : OneShotWishes {             // `settings` are those of `burn` and of the export, "burn.size=30", "subtitled.crf=20"
  bool burn = false;                                // else the captions become a track
  std::string captions;                             // a caption file for one film; empty: what is said is transcribed
  std::map<std::string, std::string> transcribing;  // parameters of `transcribe`
  std::string profile, encoding;
  std::string formats = "srt";  // of the files written beside the films, separated by commas; or none
};
// `{name}_subtitled.{ext}` of each film, or the one film under the name given; captions beside it under the same name.
Result<OneShot> subtitles_for(SubtitleWishes const& wishes);

}  // namespace reelmill
