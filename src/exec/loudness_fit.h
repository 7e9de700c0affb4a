// SPDX-License-Identifier: GPL-3.0-or-later
// Brings a sound to the loudness that is asked for, and proves it: gain and limiter are set by what was measured, each encode is
// decoded and measured again, and what the encoder changed is corrected in the next try. Nothing depends on how many encodes
// there are, so each is the same alone and among others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "av/gain_shape.h"
#include "av/loudness_meter.h"
#include "base/json.h"
#include "base/result.h"
#include "exec/pass_meter.h"
#include "exec/spilled_sound.h"
#include "exec/unit_folder.h"
#include "graph/stage.h"

namespace reelmill {

class LoudnessFit {
 public:
  // `meter` has heard what `sound` holds, with its outline, and with its series where the mode is dynamic. All must outlive it.
  LoudnessFit(SpilledSound& sound, av::LoudnessMeter const& meter, Loudness const& wanted, PassMeter& passes);

  // Finds gain and ceiling before any encode.
  Result<void> settle();

  struct Made {
    Json unit;  // the unit's result so far, loudness included
    LoudnessResult loudness;
  };
  // Encodes into the unit's folder.
  Result<Made> make(AudioEncode const& encode, UnitFolder const& unit);

 private:
  struct Plan {
    av::GainShape shape;
    std::optional<double> ceiling;  // dBTP of the limiter; nothing: there is none
    double peak = -200;             // dBTP before the limiter
    double target = 0;              // LUFS before the encode
    bool reaches = true;            // the loudness asked for; no: more gain would only be limited away
  };
  struct Passed {
    double deepest = 0, limited_time = 0;
  };
  using Take = std::function<Result<void>(AVFrame const& frame)>;
  Result<Passed> pass(Plan const& plan, Take const& take);
  Result<void> narrow_range();
  void settle_limiter(Plan& plan) const;
  void note_what_cannot_be();
  bool corrects_gain() const;
  std::optional<double> aim(Plan const& plan) const;
  void correct(Plan& plan, LoudnessFigures const& after) const;
  void note_misses(Plan const& plan, LoudnessResult& result) const;

  SpilledSound& sound_;
  av::LoudnessMeter const& meter_;
  Loudness const& wanted_;
  double const ceiling_;  // dBTP, a little below the one wanted
  PassMeter& passes_;
  LoudnessFigures const before_;
  LoudnessFigures shaped_;  // by the curve, without the gain
  Plan plan_;
  std::vector<std::string> notes_;
};

}  // namespace reelmill
