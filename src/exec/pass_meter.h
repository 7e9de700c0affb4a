// SPDX-License-Identifier: GPL-3.0-or-later
// Progress of a work that goes over the same seconds several times, not known how often: each pass takes a share of what is left,
// so that what is told grows and never ends before the work does.
#pragma once

#include <algorithm>

#include "exec/reporter.h"

namespace reelmill {

class PassMeter {
 public:
  PassMeter(Reporter& reporter, double seconds) : reporter_(reporter), seconds_(seconds) {}

  // From here on `at` speaks of the next pass, which takes `share` of what is left.
  void begin(double share) {
    from_ = to_;
    to_ += (1 - to_) * share;
  }
  // The share of the pass that is done.
  void at(double done) {
    reporter_.progress((from_ + (to_ - from_) * std::clamp(done, 0.0, 1.0)) * seconds_, seconds_, "seconds");
  }
  void at_second(double second) { at(seconds_ > 0 ? second / seconds_ : 1); }

 private:
  Reporter& reporter_;
  double seconds_, from_ = 0, to_ = 0;
};

}  // namespace reelmill
