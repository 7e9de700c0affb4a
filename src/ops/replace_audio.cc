// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct ReplaceAudioOptions {
  std::string file;
  std::string offset = "auto";
  std::string ends = "shorter";
};

constexpr std::array<std::string_view, 3> ends{"shorter", "video", "all"};
constexpr std::array params{
    required<&ReplaceAudioOptions::file>("file", "a sound, or a film whose sound is taken", Form::path),
    param<&ReplaceAudioOptions::offset>(
        "offset", "how much later the new sound begins than the picture, negative: earlier; auto: by what both have in common",
        Form::offset, {-86400, 86400}),
    param<&ReplaceAudioOptions::ends>(
        "ends", "with the shorter of picture and sound, with the picture, or nothing is left out at the end", unit::none, {},
        ends),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<ReplaceAudioOptions const&>(any);
  NewSound sound;
  sound.file = options.file;
  sound.offset = parse_number(options.offset);
  sound.ends = options.ends == "all"     ? NewSound::Ends::all
               : options.ends == "video" ? NewSound::Ends::video
                                         : NewSound::Ends::shorter;
  lowering.new_sound = std::move(sound);
}

}  // namespace

extern Operation const replace_audio;
constinit Operation const replace_audio{.name = "replace_audio",
                                        .summary = "Take another recording's sound, in step with the picture",
                                        .track = Track::audio,
                                        .reach = {Reach::Kind::whole},
                                        .version = 1,
                                        .params = params,
                                        .defaults = make_defaults<ReplaceAudioOptions>,
                                        .lower = lower};

}  // namespace reelmill
