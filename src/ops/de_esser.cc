// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>
#include <numbers>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct DeEsserOptions {
  double intensity = 0.5;
  double frequency = 3000;
  double range = 12;
};

constexpr std::array params{
    param<&DeEsserOptions::intensity>("intensity", "how easily it sets in; 0 is off", unit::none, {0, 1}),
    param<&DeEsserOptions::frequency>("frequency", "what is higher is made quieter while it hisses", unit::hertz, {500, 9000}),
    param<&DeEsserOptions::range>("range", "by how much at most", unit::decibel, {0, 48}),
};

// libavfilter's deesser splits the sound by a first-order low-pass that runs at half of the sample rate; its coefficient is
// the square of this option, over the rate in units of 44.1 kHz. Exact at 48 kHz, near it at the other rates.
double split_option(double frequency) {
  constexpr double rate = 48000;
  double const coefficient = 1 - std::exp(-2 * std::numbers::pi * frequency / (rate / 2));
  return std::sqrt(coefficient * rate / 44100);
}

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<DeEsserOptions const&>(any);
  lowering.audio.push_back({.filter = "deesser",
                            .options = {{"i", shortest(options.intensity)},
                                        {"f", shortest(split_option(options.frequency))},
                                        {"m", shortest(1 - options.range / 48)}}});
}

}  // namespace

extern Operation const de_esser;
constinit Operation const de_esser{.name = "de_esser",
                                   .summary = "Soften sharp s sounds",
                                   .track = Track::audio,
                                   .reach = {Reach::Kind::whole},
                                   .version = 1,
                                   .params = params,
                                   .defaults = make_defaults<DeEsserOptions>,
                                   .lower = lower};

}  // namespace reelmill
