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

AVIOInterruptCB Deadline::callback() const {
  auto const ask = [](void* until) { return has_passed(*static_cast<Until*>(until)) ? 1 : 0; };
  return {ask, until_.get()};
}

void Deadline::restart() { until_->reset(); }

bool Deadline::is_over() const { return *until_ && thread_seconds() > **until_; }

// The clock is a system call, and most packets come out of a buffer: the time counts from the first time it is asked for.
bool Deadline::has_passed(Until& until) {
  if (until) return thread_seconds() > *until;
  until = thread_seconds() + patience;
  return false;
}

}  // namespace reelmill::av
