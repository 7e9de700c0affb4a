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

Deadline::Deadline() { restart(); }

AVIOInterruptCB Deadline::callback() const {
  return {[](void* until) { return thread_seconds() > *static_cast<double const*>(until) ? 1 : 0; }, until_.get()};
}

void Deadline::restart() { *until_ = thread_seconds() + patience; }

bool Deadline::is_over() const { return thread_seconds() > *until_; }

}  // namespace reelmill::av
