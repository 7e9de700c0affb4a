// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct CropOptions {
  double left = 0;
  double right = 0;
  double top = 0;
  double bottom = 0;
};

// What the filter computes from the picture's size; even, so that the colours stay where they are.
std::string kept(char const* size, double percent) {
  return percent == 0 ? size : fmt::format("2*trunc({}*{}/2+0.5)", size, shortest(1 - percent / 100));
}
std::string cut(char const* size, double percent) { return fmt::format("2*trunc({}*{}/2+0.5)", size, shortest(percent / 100)); }

constexpr int most = 95;  // percent
constexpr std::array params{
    param<&CropOptions::left>("left", "how much is cut away at the left, of the width", unit::percent, {0, most}),
    param<&CropOptions::right>("right", "how much is cut away at the right, of the width", unit::percent, {0, most}),
    param<&CropOptions::top>("top", "how much is cut away at the top, of the height", unit::percent, {0, most}),
    param<&CropOptions::bottom>("bottom", "how much is cut away at the bottom, of the height", unit::percent, {0, most}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<CropOptions const&>(any);
  if (options.left + options.right + options.top + options.bottom == 0) return;
  lowering.video.push_back(FilterNode{.id = "",
                                      .in = "",
                                      .filter = "crop",
                                      .options = {{"w", kept("iw", options.left + options.right)},
                                                  {"h", kept("ih", options.top + options.bottom)},
                                                  {"x", cut("iw", options.left)},
                                                  {"y", cut("ih", options.top)}}});
  lowering.reshapes = true;
  lowering.width_left = 1 - (options.left + options.right) / 100;
  lowering.height_left = 1 - (options.top + options.bottom) / 100;
}

std::string check(std::any const& any) {
  auto const& options = std::any_cast<CropOptions const&>(any);
  bool const leaves_something = options.left + options.right <= most && options.top + options.bottom <= most;
  return leaves_something ? "" : fmt::format("no more than {} % of the width and of the height can be cut away", most);
}

}  // namespace

extern Operation const crop;
constinit Operation const crop{.name = "crop",
                               .summary = "Cut away the picture's edges",
                               .track = Track::video,
                               .reach = {},
                               .version = 1,
                               .params = params,
                               .defaults = make_defaults<CropOptions>,
                               .lower = lower,
                               .check = check};

}  // namespace reelmill
