// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct GammaOptions {
  double gamma = 1;
  double red = 1;
  double green = 1;
  double blue = 1;
};

constexpr std::array params{
    param<&GammaOptions::gamma>("gamma", "brightens (above 1) or darkens the mid-tones; black and white stay", unit::none,
                                {0.1, 10}),
    param<&GammaOptions::red>("red", "factor on it for red", unit::none, {0.1, 10}),
    param<&GammaOptions::green>("green", "factor on it for green", unit::none, {0.1, 10}),
    param<&GammaOptions::blue>("blue", "factor on it for blue", unit::none, {0.1, 10}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<GammaOptions const&>(any);
  if (options.gamma == 1 && options.red == 1 && options.green == 1 && options.blue == 1) return;
  LutNode node;
  for (auto const channel : {options.red, options.green, options.blue})
    node.gamma.push_back(static_cast<std::int32_t>(std::lround(options.gamma * channel * 65536)));
  lowering.video.push_back(std::move(node));
}

}  // namespace

extern Operation const gamma;
constinit Operation const gamma{.name = "gamma",
                                .summary = "Brighten or darken the mid-tones",
                                .track = Track::video,
                                .reach = {},
                                .version = 1,
                                .params = params,
                                .defaults = make_defaults<GammaOptions>,
                                .lower = lower};

}  // namespace reelmill
