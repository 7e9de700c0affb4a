// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/deadline.h"

#include <time.h>

namespace reelmill::av {

namespace {
constexpr double patience = 15;  // seconds; the fixtures and hour-long films need less than one

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}
}  // namespace

struct Deadline::State {
  double until = 0;
};

void Deadline::Frees::operator()(State* state) const { delete state; }

Deadline::Deadline() : state_(new State) { restart(); }

AVIOInterruptCB Deadline::callback() const {
  return {[](void* state) { return thread_seconds() > static_cast<State const*>(state)->until ? 1 : 0; }, state_.get()};
}

void Deadline::restart() { state_->until = thread_seconds() + patience; }

bool Deadline::is_over() const { return thread_seconds() > state_->until; }

}  // namespace reelmill::av
