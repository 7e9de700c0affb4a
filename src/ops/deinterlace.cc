// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <string>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct DeinterlaceOptions {
  std::string field = "auto";
  std::string frames = "all";
};

constexpr std::array<std::string_view, 3> fields{"auto", "top", "bottom"};
constexpr std::array<std::string_view, 2> choices{"all", "marked"};
constexpr std::array params{
    param<&DeinterlaceOptions::field>("field", "which field was taken first; auto: as the file says", unit::none, {}, fields),
    param<&DeinterlaceOptions::frames>("frames", "all, or only those that the file marks as interlaced", unit::none, {}, choices),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<DeinterlaceOptions const&>(any);
  lowering.deinterlaces = true;
  lowering.prefilters.push_back({.filter = "bwdif",
                                 .options = {{"mode", "send_frame"},
                                             {"parity", options.field == "top"      ? "tff"
                                                        : options.field == "bottom" ? "bff"
                                                                                    : "auto"},
                                             {"deint", options.frames == "all" ? "all" : "interlaced"}},
                                 .before = 1,
                                 .after = 1});
}

}  // namespace

extern Operation const deinterlace;
constinit Operation const deinterlace{
    .name = "deinterlace",
    .summary = "Make whole pictures of fields, where the file does not say that it is interlaced",
    .track = Track::video,
    .reach = {Reach::Kind::window, 1},
    .version = 1,
    .params = params,
    .defaults = make_defaults<DeinterlaceOptions>,
    .lower = lower};

}  // namespace reelmill
