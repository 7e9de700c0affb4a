// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "base/text.h"
#include "ops/decibel.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct GateOptions {
  double threshold = -45;
  double range = 24;
  double ratio = 4;
  double attack = 5;
  double release = 200;
  double knee = 6;
};

constexpr std::array params{
    param<&GateOptions::threshold>("threshold", "what is quieter is made quieter still", unit::decibel, {-90, 0}),
    param<&GateOptions::range>("range", "by how much at most", unit::decibel, {0, 90}),
    param<&GateOptions::ratio>("ratio", "how steeply it closes below the threshold", unit::none, {1, 100}),
    param<&GateOptions::attack>("attack", "how long it takes to open", unit::milliseconds, {0.01, 9000}),
    param<&GateOptions::release>("release", "how long it takes to close", unit::milliseconds, {0.01, 9000}),
    param<&GateOptions::knee>("knee", "over how many dB around the threshold it sets in", unit::decibel, {0, 18}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<GateOptions const&>(any);
  lowering.audio.push_back({.filter = "agate",
                            .options = {{"threshold", factor_text(options.threshold)},
                                        {"range", factor_text(-options.range)},
                                        {"ratio", shortest(options.ratio)},
                                        {"attack", shortest(options.attack)},
                                        {"release", shortest(options.release)},
                                        {"knee", factor_text(options.knee)}}});
}

}  // namespace

extern Operation const gate;
constinit Operation const gate{.name = "gate",
                               .summary = "Silence what is left between the words",
                               .track = Track::audio,
                               .reach = {Reach::Kind::whole},
                               .version = 1,
                               .params = params,
                               .defaults = make_defaults<GateOptions>,
                               .lower = lower};

}  // namespace reelmill
