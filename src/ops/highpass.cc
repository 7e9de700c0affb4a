// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct HighpassOptions {
  double frequency = 200;
};

constexpr std::array params{
    param<&HighpassOptions::frequency>(
        "frequency", "what is lower is made quieter: 3 dB here, 12 dB more with every octave below", unit::hertz, {1, 20000}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<HighpassOptions const&>(any);
  lowering.audio.push_back({.filter = "highpass", .options = {{"frequency", shortest(options.frequency)}}});
}

}  // namespace

extern Operation const highpass;
constinit Operation const highpass{.name = "highpass",
                                   .summary = "Remove rumble below the voice",
                                   .track = Track::audio,
                                   .reach = {Reach::Kind::whole},
                                   .version = 1,
                                   .params = params,
                                   .defaults = make_defaults<HighpassOptions>,
                                   .lower = lower};

}  // namespace reelmill
