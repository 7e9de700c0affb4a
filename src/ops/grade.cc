// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct GradeOptions {
  double brightness = 0;
  double contrast = 1;
  double saturation = 1;
  double gamma = 1;
  friend bool operator==(GradeOptions const&, GradeOptions const&) = default;
};

constexpr std::array params{
    param<&GradeOptions::brightness>("brightness", "added to the brightness; 0 leaves it", unit::none, {-1, 1}),
    param<&GradeOptions::contrast>("contrast", "factor on the distance from mid-grey; 1 leaves it", unit::none, {0, 3}),
    param<&GradeOptions::saturation>("saturation", "factor on the colours; 1 leaves them, 0 is grey", unit::none, {0, 3}),
    param<&GradeOptions::gamma>("gamma", "brightens (above 1) or darkens the mid-tones", unit::none, {0.1, 10}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<GradeOptions const&>(any);
  if (options == GradeOptions{}) return;
  lowering.video.push_back(FilterNode{.id = "",
                                      .in = "",
                                      .filter = "eq",
                                      .options = {{"brightness", shortest(options.brightness)},
                                                  {"contrast", shortest(options.contrast)},
                                                  {"saturation", shortest(options.saturation)},
                                                  {"gamma", shortest(options.gamma)}}});
}

}  // namespace

extern Operation const grade;
constinit Operation const grade{.name = "grade",
                                .summary = "Adjust brightness, contrast, saturation and gamma",
                                .track = Track::video,
                                .reach = {},
                                .version = 1,
                                .params = params,
                                .defaults = make_defaults<GradeOptions>,
                                .lower = lower};

}  // namespace reelmill
