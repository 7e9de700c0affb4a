// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "ops/decibel.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct VolumeOptions {
  double gain = 0;
};

constexpr std::array params{
    param<&VolumeOptions::gain>("gain", "louder (above 0) or quieter; nothing is limited, so too much clips in the encode",
                                unit::decibel, {-90, 40}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<VolumeOptions const&>(any);
  if (options.gain != 0) lowering.audio.push_back({.filter = "volume", .options = {{"volume", factor_text(options.gain)}}});
}

}  // namespace

extern Operation const volume;
constinit Operation const volume{.name = "volume",
                                 .summary = "Make the sound louder or quieter",
                                 .track = Track::audio,
                                 .reach = {Reach::Kind::whole},
                                 .version = 1,
                                 .params = params,
                                 .defaults = make_defaults<VolumeOptions>,
                                 .lower = lower};

}  // namespace reelmill
