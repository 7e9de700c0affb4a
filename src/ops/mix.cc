// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct MixOptions {
  std::string file;
  double gain = -12;
  double duck = 10;
  double threshold = -40;
  double from = 0;
  double to = 0;
  double fade_in = 0;
  double fade_out = 2;
  bool loop = true;
};

constexpr std::array params{
    required<&MixOptions::file>("file", "a sound, music for example, or a film whose sound is taken; 256 MB at most",
                                Form::path),
    param<&MixOptions::gain>("gain", "how much louder it is than it was; below 0 quieter", unit::decibel, {-60, 20}),
    param<&MixOptions::duck>("duck", "how much quieter still while the film's own sound is heard; 0: never", unit::decibel, {0, 40}),
    param<&MixOptions::threshold>("threshold", "how loud (RMS of 20 ms, of full scale) the film's own sound has to be for that",
                                  unit::decibel, {-80, 0}),
    param<&MixOptions::from>("from", "when in the film it begins", Form::time, {0, 86400}),
    param<&MixOptions::to>("to", "when it ends; 0: with the film", Form::time, {0, 86400}),
    param<&MixOptions::fade_in>("fade_in", "over how long it comes up", Form::time, {0, 3600}),
    param<&MixOptions::fade_out>("fade_out", "over how long it goes down; it ends with the film, with `to` or with the file",
                                 Form::time, {0, 3600}),
    param<&MixOptions::loop>("loop", "it begins anew when it is over, without a gap"),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<MixOptions const&>(any);
  lowering.beds.push_back({.file = {options.file, ""},
                           .gain = options.gain,
                           .from = options.from,
                           .to = options.to,
                           .fade_in = options.fade_in,
                           .fade_out = options.fade_out,
                           .loop = options.loop,
                           .duck = options.duck,
                           .threshold = options.threshold});
}

std::string check(std::any const& any) {
  auto const& options = std::any_cast<MixOptions const&>(any);
  return options.to != 0 && options.to <= options.from ? "'to' is not after 'from'" : "";
}

}  // namespace

extern Operation const mix;
constinit Operation const mix{.name = "mix",
                              .summary = "Lay music or another sound under the film's, quieter while that is heard",
                              .track = Track::audio,
                              .reach = {Reach::Kind::whole},
                              .version = 1,
                              .params = params,
                              .defaults = make_defaults<MixOptions>,
                              .lower = lower,
                              .check = check};

}  // namespace reelmill
