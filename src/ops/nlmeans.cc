// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <string>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct NlmeansOptions {
  double strength = 3;
  int patch = 7;
  int research = 11;
};

constexpr std::array params{
    param<&NlmeansOptions::strength>("strength", "how strong the noise is that is removed", unit::none, {1, 30}),
    param<&NlmeansOptions::patch>("patch", "width of the patches that are compared; even numbers are taken as the next odd one",
                                  unit::pixels, {3, 15}),
    param<&NlmeansOptions::research>("research",
                                     "width of the area that similar patches are looked for in; the time grows with its square",
                                     unit::pixels, {3, 31}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<NlmeansOptions const&>(any);
  lowering.video.push_back(FilterNode{.id = "",
                                      .in = "",
                                      .filter = "nlmeans",
                                      .options = {{"s", shortest(options.strength)},
                                                  {"p", std::to_string(options.patch | 1)},
                                                  {"r", std::to_string(options.research | 1)}}});
}

}  // namespace

extern Operation const nlmeans;
constinit Operation const nlmeans{.name = "nlmeans",
                                  .summary = "Remove noise from the picture by non-local means: slow, keeps detail",
                                  .track = Track::video,
                                  .reach = {},
                                  .version = 1,
                                  .params = params,
                                  .defaults = make_defaults<NlmeansOptions>,
                                  .lower = lower};

}  // namespace reelmill
