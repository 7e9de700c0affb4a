// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct SpeedOptions {
  double factor = 1;
};

constexpr std::array params{
    param<&SpeedOptions::factor>("factor", "2 is twice as fast, 0.5 half as fast", unit::none, {0.25, 4}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<SpeedOptions const&>(any);
  lowering.speed = options.factor;
}

}  // namespace

extern Operation const speed;
constinit Operation const speed{.name = "speed",
                                .summary = "Play picture and sound faster or slower; the pitch stays",
                                .track = Track::video,
                                .reach = {},
                                .version = 1,
                                .params = params,
                                .defaults = make_defaults<SpeedOptions>,
                                .lower = lower};

}  // namespace reelmill
