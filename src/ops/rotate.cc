// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <map>
#include <string>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct RotateOptions {
  std::string angle = "90";
  std::string flip = "none";
};

constexpr std::array<std::string_view, 4> angles{"0", "90", "180", "270"};
constexpr std::array<std::string_view, 3> flips{"none", "horizontal", "vertical"};
constexpr std::array params{
    param<&RotateOptions::angle>("angle", "degrees clockwise", unit::none, {}, angles),
    param<&RotateOptions::flip>("flip", "which way the picture is mirrored afterwards", unit::none, {}, flips),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<RotateOptions const&>(any);
  auto const add = [&](char const* filter, std::map<std::string, std::string> settings) {
    lowering.video.push_back(FilterNode{.id = "", .in = "", .filter = filter, .options = std::move(settings)});
  };
  if (options.angle == "90" || options.angle == "180") add("transpose", {{"dir", "clock"}});
  if (options.angle == "180") add("transpose", {{"dir", "clock"}});
  if (options.angle == "270") add("transpose", {{"dir", "cclock"}});
  if (options.flip == "horizontal") add("hflip", {});
  // The filter vflip would hand on pictures whose rows run backwards; two transpositions do the same.
  if (options.flip == "vertical") {
    add("transpose", {{"dir", "clock"}});
    add("transpose", {{"dir", "cclock_flip"}});
  }
  lowering.reshapes = lowering.turns = options.angle == "90" || options.angle == "270";
}

}  // namespace

extern Operation const rotate;
constinit Operation const rotate{.name = "rotate",
                                 .summary = "Turn the picture by quarter turns, mirror it",
                                 .track = Track::video,
                                 .reach = {},
                                 .version = 1,
                                 .params = params,
                                 .defaults = make_defaults<RotateOptions>,
                                 .lower = lower};

}  // namespace reelmill
