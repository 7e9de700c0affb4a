// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct RepairChannelsOptions {
  std::string take = "auto";
};

constexpr std::array<std::string_view, 3> sides{"auto", "left", "right"};
constexpr std::array params{
    param<&RepairChannelsOptions::take>("take",
                                        "the channel of a stereo source that is heard on both sides; auto: the other one where one is "
                                        "dead (40 dB quieter over all of what is made), and both as they are where none is",
                                        unit::none, {}, sides),
};

void lower(std::any const& any, Lowering& lowering) {
  lowering.side = std::any_cast<RepairChannelsOptions const&>(any).take;
}

}  // namespace

extern Operation const repair_channels;
constinit Operation const repair_channels{.name = "repair_channels",
                                          .summary = "Put the living channel in the place of a dead one",
                                          .track = Track::audio,
                                          .reach = {Reach::Kind::whole},
                                          .version = 1,
                                          .params = params,
                                          .defaults = make_defaults<RepairChannelsOptions>,
                                          .lower = lower};

}  // namespace reelmill
