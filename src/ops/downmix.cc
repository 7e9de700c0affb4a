// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct DownmixOptions {
  std::string to = "stereo";
  double center = 0.7071;
  double surround = 0.7071;
  double lfe = 0;
  bool normalize = true;
};

constexpr std::array<std::string_view, 3> layouts{"stereo", "mono", "source"};
constexpr std::array params{
    param<&DownmixOptions::to>("to", "what the sound becomes; source: mono, stereo and 5.1 stay what they are", unit::none, {},
                               layouts),
    param<&DownmixOptions::center>("center", "factor on the centre, in both sides", unit::none, {0, 1}),
    param<&DownmixOptions::surround>("surround", "factor on each surround, in its side", unit::none, {0, 1}),
    param<&DownmixOptions::lfe>("lfe", "factor on the low-frequency effects, in both sides; 0 leaves them out", unit::none,
                                {0, 1}),
    param<&DownmixOptions::normalize>("normalize", "as much quieter as it takes that no sum can clip"),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<DownmixOptions const&>(any);
  lowering.channels = options.to == "source" ? 0 : options.to == "mono" ? 1 : 2;
  lowering.downmix = {options.center, options.surround, options.lfe, options.normalize};
}

}  // namespace

extern Operation const downmix;
constinit Operation const downmix{.name = "downmix",
                                  .summary = "Choose how surround sound becomes stereo, or stereo mono",
                                  .track = Track::audio,
                                  .reach = {Reach::Kind::whole},
                                  .version = 1,
                                  .params = params,
                                  .defaults = make_defaults<DownmixOptions>,
                                  .lower = lower};

}  // namespace reelmill
