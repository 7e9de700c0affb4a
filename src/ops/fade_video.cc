// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <string>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct FadeOptions {
  double in = 1;
  double out = 1;
  std::string colour = "#000000";
};

constexpr std::array params{
    param<&FadeOptions::in>("in", "how long the picture takes to appear at the beginning; 0: it is there at once", Form::time,
                            {0, 3600}),
    param<&FadeOptions::out>("out", "how long it takes to vanish at the end", Form::time, {0, 3600}),
    param<&FadeOptions::colour>("colour", "what it comes from and goes to", Form::colour),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<FadeOptions const&>(any);
  if (options.in == 0 && options.out == 0) return;
  lowering.timings[lowering.video.size()] = {.fade_in = options.in, .fade_out = options.out, .inverted = true};
  FadeNode node;
  node.colour = options.colour;
  lowering.video.push_back(std::move(node));
}

}  // namespace

extern Operation const fade_video;
constinit Operation const fade_video{.name = "fade",
                                     .summary = "Fade the picture in at the beginning and out at the end",
                                     .track = Track::video,
                                     .reach = {},
                                     .version = 1,
                                     .params = params,
                                     .defaults = make_defaults<FadeOptions>,
                                     .lower = lower};

}  // namespace reelmill
