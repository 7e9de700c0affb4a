// SPDX-License-Identifier: GPL-3.0-or-later
// How far each running stage is and how fast it goes, worked out from events and their times alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run/events.h"

namespace reelmill {

struct Meter {
  std::string id, label, unit;
  double done = 0, total = 0, media_seconds = 0;
  double started = 0;              // wall clock
  double rate = 0;                 // units a second over the last seconds; 0: not known yet
  double base = 0, base_time = 0;  // where the measuring of the rate began

  std::optional<double> fraction() const;  // 0 … 1
  std::optional<double> speed() const;     // seconds of media a second
  std::optional<double> seconds_left() const;
};

class Meters {
 public:
  void take(Event const& event);

  std::vector<Meter> const& running() const { return running_; }  // in the order they started
  Meter const* running(std::string const& id) const;
  int finished() const { return finished_; }
  int queued() const { return queued_; }  // all stages known so far, finished ones included

 private:
  Meter* find(std::string const& id);
  std::vector<Meter> running_;
  int finished_ = 0, queued_ = 0;
};

}  // namespace reelmill
