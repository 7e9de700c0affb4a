// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <string>

#include "ops/drawn.h"

namespace reelmill {

namespace {

struct OverlayOptions {
  std::string file;
  std::string position = "top_right";
  double width = 15;
  double margin = 5;
  double opacity = 100;
  double from = 0;
  double to = 0;
  double fade = 0;
};

constexpr auto params = with_drawn_params<OverlayOptions>(std::array{
    required<&OverlayOptions::file>("file", "the image: PNG, which may be transparent, or JPEG", Form::path),
    param<&OverlayOptions::position>("position", "where on the picture", unit::none, {}, drawn_positions),
    param<&OverlayOptions::width>("width", "how wide, of the picture's width", unit::percent, {0.5, 100}),
    param<&OverlayOptions::margin>("margin", "distance from the picture's edges, of its shorter side", unit::percent, {0, 45}),
});

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<OverlayOptions const&>(any);
  lowering.drawn = true;
  lowering.timings[lowering.video.size()] = drawn_envelope(options);
  OverlayNode node;
  node.image.path = options.file;
  node.position = options.position;
  node.width = options.width;
  node.margin = options.margin;
  lowering.video.push_back(std::move(node));
}

}  // namespace

extern Operation const overlay;
constinit Operation const overlay{.name = "overlay",
                                  .summary = "Draw an image or a logo on the finished picture",
                                  .track = Track::video,
                                  .reach = {},
                                  .version = 1,
                                  .params = params,
                                  .defaults = make_defaults<OverlayOptions>,
                                  .lower = lower,
                                  .check = check_drawn<OverlayOptions>};

}  // namespace reelmill
