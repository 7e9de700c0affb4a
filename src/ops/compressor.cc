// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "base/text.h"
#include "ops/decibel.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct CompressorOptions {
  double threshold = -18;
  double ratio = 3;
  double attack = 10;
  double release = 150;
  double knee = 6;
  double makeup = 0;
};

constexpr std::array params{
    param<&CompressorOptions::threshold>("threshold", "what is louder is made quieter", unit::decibel, {-60, 0}),
    param<&CompressorOptions::ratio>("ratio", "so many dB more going in are 1 dB more coming out", unit::none, {1, 20}),
    param<&CompressorOptions::attack>("attack", "how long it takes to become quieter", unit::milliseconds, {0.01, 2000}),
    param<&CompressorOptions::release>("release", "how long it takes to come back", unit::milliseconds, {0.01, 9000}),
    param<&CompressorOptions::knee>("knee", "over how many dB around the threshold it sets in", unit::decibel, {0, 18}),
    param<&CompressorOptions::makeup>("makeup", "gain afterwards", unit::decibel, {0, 36}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<CompressorOptions const&>(any);
  lowering.audio.push_back({.filter = "acompressor",
                            .options = {{"threshold", factor_text(options.threshold)},
                                        {"ratio", shortest(options.ratio)},
                                        {"attack", shortest(options.attack)},
                                        {"release", shortest(options.release)},
                                        {"knee", factor_text(options.knee)},
                                        {"makeup", factor_text(options.makeup)}}});
}

}  // namespace

extern Operation const compressor;
constinit Operation const compressor{.name = "compressor",
                                     .summary = "Even out loud and quiet passages",
                                     .track = Track::audio,
                                     .reach = {Reach::Kind::whole},
                                     .version = 1,
                                     .params = params,
                                     .defaults = make_defaults<CompressorOptions>,
                                     .lower = lower};

}  // namespace reelmill
