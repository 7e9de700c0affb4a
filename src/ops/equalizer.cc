// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct EqualizerOptions {
  std::string shape = "bell";
  double frequency = 1000;
  double gain = 0;
  double width = 1;
};

constexpr std::array<std::string_view, 3> shapes{"bell", "low_shelf", "high_shelf"};
constexpr std::array params{
    param<&EqualizerOptions::shape>("shape", "what changes: a band, or all below or above a frequency", unit::none, {}, shapes),
    param<&EqualizerOptions::frequency>("frequency", "middle of the band, or of the shelf's slope", unit::hertz, {10, 20000}),
    param<&EqualizerOptions::gain>("gain", "louder (above 0) or quieter; 0 leaves it", unit::decibel, {-30, 30}),
    param<&EqualizerOptions::width>("width", "width of the band, or of the shelf's slope", unit::octaves, {0.1, 6}),
};

// One second-order section each (R. Bristow-Johnson's audio EQ cookbook, as libavfilter has it).
void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<EqualizerOptions const&>(any);
  auto const* const filter = options.shape == "low_shelf"    ? "lowshelf"
                             : options.shape == "high_shelf" ? "highshelf"
                                                             : "equalizer";
  lowering.audio.push_back({.filter = filter,
                            .options = {{"frequency", shortest(options.frequency)},
                                        {"gain", shortest(options.gain)},
                                        {"width_type", "o"},
                                        {"width", shortest(options.width)}}});
}

}  // namespace

extern Operation const equalizer;
constinit Operation const equalizer{.name = "equalizer",
                                    .summary = "Raise or lower one band of the sound; several make a curve",
                                    .track = Track::audio,
                                    .reach = {Reach::Kind::whole},
                                    .version = 1,
                                    .params = params,
                                    .defaults = make_defaults<EqualizerOptions>,
                                    .lower = lower};

}  // namespace reelmill
