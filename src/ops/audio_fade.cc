// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct AudioFadeOptions {
  double in = 0;
  double out = 0;
};

constexpr std::array params{
    param<&AudioFadeOptions::in>("in", "over how long the sound comes up at the beginning", unit::seconds, {0, 3600}),
    param<&AudioFadeOptions::out>("out", "over how long it goes down; it ends with the film", unit::seconds, {0, 3600}),
};

// Where the fade out begins, the planner fills in: only it knows when the film ends.
void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<AudioFadeOptions const&>(any);
  if (options.in > 0)
    lowering.audio.push_back({.filter = "afade", .options = {{"type", "in"}, {"duration", shortest(options.in)}}});
  if (options.out > 0)
    lowering.audio.push_back({.filter = "afade", .options = {{"type", "out"}, {"duration", shortest(options.out)}}});
}

}  // namespace

extern Operation const audio_fade;
constinit Operation const audio_fade{.name = "fade",
                                     .summary = "Fade the sound in and out",
                                     .track = Track::audio,
                                     .reach = {Reach::Kind::whole},
                                     .version = 1,
                                     .params = params,
                                     .defaults = make_defaults<AudioFadeOptions>,
                                     .lower = lower};

}  // namespace reelmill
