// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct DenoiseOptions {
  double reduction = 12;
  double floor = -50;
};

constexpr std::array params{
    param<&DenoiseOptions::reduction>("reduction", "by how much noise is made quieter", unit::decibel, {0.01, 97}),
    param<&DenoiseOptions::floor>("floor", "how loud the noise is", unit::decibel, {-80, -20}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<DenoiseOptions const&>(any);
  lowering.audio.push_back(
      {.filter = "afftdn", .options = {{"nr", shortest(options.reduction)}, {"nf", shortest(options.floor)}}});
}

}  // namespace

extern Operation const denoise;
constinit Operation const denoise{.name = "denoise",
                                  .summary = "Make steady background noise quieter",
                                  .track = Track::audio,
                                  .reach = {Reach::Kind::whole},
                                  .version = 1,
                                  .params = params,
                                  .defaults = make_defaults<DenoiseOptions>,
                                  .lower = lower};

}  // namespace reelmill
