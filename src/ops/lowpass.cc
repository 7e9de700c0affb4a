// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct LowpassOptions {
  double frequency = 3000;
};

constexpr std::array params{
    param<&LowpassOptions::frequency>(
        "frequency", "what is higher is made quieter: 3 dB here, 12 dB more with every octave above", unit::hertz, {1, 20000}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<LowpassOptions const&>(any);
  lowering.audio.push_back({.filter = "lowpass", .options = {{"frequency", shortest(options.frequency)}}});
}

}  // namespace

extern Operation const lowpass;
constinit Operation const lowpass{.name = "lowpass",
                                  .summary = "Remove hiss above the voice",
                                  .track = Track::audio,
                                  .reach = {Reach::Kind::whole},
                                  .version = 1,
                                  .params = params,
                                  .defaults = make_defaults<LowpassOptions>,
                                  .lower = lower};

}  // namespace reelmill
