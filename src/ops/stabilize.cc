// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct StabilizeOptions {
  int shakiness = 5;
  int accuracy = 15;
  int smoothing = 30;
  double zoom = 15;
  std::string border = "mirror";
};

constexpr int longest_smoothing = 300;
constexpr std::array<std::string_view, 2> borders{"mirror", "black"};
constexpr std::array params{
    param<&StabilizeOptions::shakiness>("shakiness", "how shaky the footage is: how far motion is searched", unit::none, {1, 10}),
    param<&StabilizeOptions::accuracy>("accuracy", "how densely motion is measured", unit::none, {1, 15}),
    param<&StabilizeOptions::smoothing>("smoothing", "over how many frames to either side the camera's path is smoothed",
                                        unit::frames, {0, longest_smoothing}),
    param<&StabilizeOptions::zoom>("zoom", "how far the picture may be enlarged to hide its moving borders", unit::percent,
                                   {0, 50}),
    param<&StabilizeOptions::border>("border", "what fills a border that the zoom does not hide", unit::none, {}, borders),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<StabilizeOptions const&>(any);
  lowering.motion = true;
  lowering.shakiness = options.shakiness;
  lowering.accuracy = options.accuracy;
  lowering.smoothing = options.smoothing;
  lowering.max_zoom = options.zoom / 100;
  lowering.video.push_back(WarpNode{.id = "", .in = "", .border = options.border});
}

}  // namespace

extern Operation const stabilize;
constinit Operation const stabilize{.name = "stabilize",
                                    .summary = "Take the shake out of hand-held footage",
                                    .track = Track::video,
                                    .reach = {Reach::Kind::window, longest_smoothing},
                                    .version = 1,
                                    .params = params,
                                    .defaults = make_defaults<StabilizeOptions>,
                                    .lower = lower};

}  // namespace reelmill
