// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct LoudnessOptions {
  std::string preset = "none";
  double integrated = -16;
  double true_peak = -1.5;
  std::string mode = "limit";
  double range = 11;
  double gain = 0;
};

struct Preset {
  std::string_view name;
  double integrated, true_peak;
};
// What streaming services play at; podcasts (AES TD1008); EBU R 128; ATSC A/85.
constexpr std::array presets{Preset{"streaming", -14, -1}, Preset{"podcast", -16, -1}, Preset{"r128", -23, -1},
                             Preset{"a85", -24, -2}};
constexpr std::array<std::string_view, 5> preset_names{"none", "streaming", "podcast", "r128", "a85"};
constexpr std::array<std::string_view, 4> modes{"limit", "linear", "dynamic", "gain"};

constexpr std::array params{
    param<&LoudnessOptions::preset>(
        "preset",
        "in place of `integrated` and `true_peak`: -14 LUFS and -1 dBTP, -16 and -1, -23 and -1 (EBU R "
        "128), -24 and -2 (ATSC A/85)",
        unit::none, {}, preset_names),
    param<&LoudnessOptions::integrated>("integrated", "loudness of the whole sound, gated as BS.1770-4 has it", unit::lufs,
                                        {-70, -5}),
    param<&LoudnessOptions::true_peak>("true_peak", "what no peak exceeds, measured on the delivered sound", unit::true_peak,
                                       {-9, 0}),
    param<&LoudnessOptions::mode>(
        "mode",
        "limit: one gain, and a limiter for the peaks that need it; linear: one gain and no limiter, so where peaks forbid it "
        "the "
        "loudness is not reached; dynamic: quiet and loud passages are brought nearer first; gain: `gain` whatever the loudness",
        unit::none, {}, modes),
    param<&LoudnessOptions::range>("range", "of mode dynamic only: what a larger loudness range is brought to", unit::lu,
                                   {1, 30}),
    param<&LoudnessOptions::gain>("gain", "of mode gain only", unit::decibel, {-60, 60}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<LoudnessOptions const&>(any);
  Loudness loudness{options.mode, options.integrated, options.true_peak, options.range, options.gain};
  auto const preset =
      std::find_if(presets.begin(), presets.end(), [&](Preset const& each) { return each.name == options.preset; });
  if (preset != presets.end()) {
    loudness.integrated = preset->integrated;
    loudness.true_peak = preset->true_peak;
  }
  lowering.loudness = loudness;
}

// What would be ignored is a mistake.
std::string check(std::any const& any) {
  auto const& options = std::any_cast<LoudnessOptions const&>(any);
  LoudnessOptions const usual;
  if (options.preset != usual.preset && (options.integrated != usual.integrated || options.true_peak != usual.true_peak))
    return fmt::format("preset {} says what 'integrated' and 'true_peak' are, leave them or the preset out", options.preset);
  if (options.range != usual.range && options.mode != "dynamic")
    return "'range' is changed by dynamic processing only, add 'mode: dynamic' or leave it out";
  if (options.gain != usual.gain && options.mode != "gain") return "'gain' counts with 'mode: gain' only, add it or leave it out";
  return {};
}

}  // namespace

extern Operation const loudness;
constinit Operation const loudness{.name = "loudness",
                                   .summary = "Bring the sound to a loudness, measured again after the encode",
                                   .track = Track::audio,
                                   .reach = {Reach::Kind::whole},
                                   .version = 2,
                                   .params = params,
                                   .defaults = make_defaults<LoudnessOptions>,
                                   .lower = lower,
                                   .check = check};

}  // namespace reelmill
