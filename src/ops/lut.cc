// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>
#include <string>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct LutOptions {
  std::string file;
  double strength = 100;
};

constexpr std::array params{
    required<&LutOptions::file>("file", "the look-up table, a .cube file with a 1D or 3D table", Form::path),
    param<&LutOptions::strength>("strength", "how far the picture goes towards it", unit::percent, {0, 100}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<LutOptions const&>(any);
  if (options.strength == 0) return;
  LutNode node;
  node.file.path = options.file;
  node.strength = static_cast<std::int32_t>(std::lround(options.strength * 655.36));
  lowering.video.push_back(std::move(node));
}

}  // namespace

extern Operation const lut;
constinit Operation const lut{.name = "lut",
                              .summary = "Colour by a look-up table",
                              .track = Track::video,
                              .reach = {},
                              .version = 1,
                              .params = params,
                              .defaults = make_defaults<LutOptions>,
                              .lower = lower};

}  // namespace reelmill
