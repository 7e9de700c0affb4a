// SPDX-License-Identifier: GPL-3.0-or-later
// Counts SIGINT and SIGTERM while it lives, and makes a file descriptor readable so that a poll wakes up. One at a time.
#pragma once

#include <signal.h>

namespace reelmill {

class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(Interrupts const&) = delete;
  Interrupts& operator=(Interrupts const&) = delete;

  int wake() const { return wake_; }
  // How many came since construction. Makes `wake` unreadable again.
  int count();

 private:
  int wake_;
  struct sigaction before_int_ {};
  struct sigaction before_term_ {};
};

}  // namespace reelmill
