// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/interrupts.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace reelmill {
namespace {

std::atomic<int> seen{0};
std::atomic<int> bell{-1};
static_assert(std::atomic<int>::is_always_lock_free);

void note(int) {
  int kept = errno;
  ++seen;
  std::uint64_t one = 1;
  [[maybe_unused]] auto written = write(bell, &one, sizeof one);
  errno = kept;
}

}  // namespace

Interrupts::Interrupts() : wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  seen = 0;
  bell = wake_;
  struct sigaction action {};
  action.sa_handler = note;
  sigaction(SIGINT, &action, &before_int_);
  sigaction(SIGTERM, &action, &before_term_);
}

Interrupts::~Interrupts() {
  sigaction(SIGINT, &before_int_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
  bell = -1;
  close(wake_);
}

int Interrupts::count() {
  std::uint64_t rings = 0;
  [[maybe_unused]] auto got = read(wake_, &rings, sizeof rings);
  return seen;
}

}  // namespace reelmill
