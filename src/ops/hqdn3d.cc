// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <string>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct Hqdn3dOptions {
  double spatial = 4;
  double temporal = 6;
};

constexpr int memory = 12;  // frames; what is older has faded out of the filter's running mean

constexpr std::array params{
    param<&Hqdn3dOptions::spatial>("spatial", "how much neighbours in the picture are smoothed", unit::none, {0.1, 30}),
    param<&Hqdn3dOptions::temporal>("temporal", "how much the pictures before are mixed in where nothing moves", unit::none,
                                    {0.1, 30}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<Hqdn3dOptions const&>(any);
  lowering.prefilters.push_back(
      {.filter = "hqdn3d",
       .options = {{"luma_spatial", shortest(options.spatial)}, {"luma_tmp", shortest(options.temporal)}},
       .before = memory,
       .after = 0});
}

}  // namespace

extern Operation const hqdn3d;
constinit Operation const hqdn3d{.name = "hqdn3d",
                                 .summary = "Remove noise from the picture through space and time: fast",
                                 .track = Track::video,
                                 .reach = {Reach::Kind::window, memory},
                                 .version = 1,
                                 .params = params,
                                 .defaults = make_defaults<Hqdn3dOptions>,
                                 .lower = lower};

}  // namespace reelmill
