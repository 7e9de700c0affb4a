// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <string>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct DebandOptions {
  double threshold = 2;
  int range = 16;
};

constexpr std::array params{
    param<&DebandOptions::threshold>("threshold", "differences up to this share of the full scale count as banding",
                                     unit::percent, {0.003, 50}),
    param<&DebandOptions::range>("range", "how far away neighbours are compared with", unit::pixels, {1, 64}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<DebandOptions const&>(any);
  auto const threshold = shortest(options.threshold / 100);
  lowering.video.push_back(FilterNode{
      .id = "",
      .in = "",
      .filter = "deband",
      .options = {{"1thr", threshold}, {"2thr", threshold}, {"3thr", threshold}, {"range", std::to_string(options.range)}}});
}

}  // namespace

extern Operation const deband;
constinit Operation const deband{.name = "deband",
                                 .summary = "Smooth the steps in flat gradients",
                                 .track = Track::video,
                                 .reach = {},
                                 .version = 1,
                                 .params = params,
                                 .defaults = make_defaults<DebandOptions>,
                                 .lower = lower};

}  // namespace reelmill
