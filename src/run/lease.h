// SPDX-License-Identifier: GPL-3.0-or-later
// Permission to run work in a project: one coordinator at a time, on whatever host. See docs/decisions/014.
//
// The lease is a file. On one host flock(2) decides, and a process that died has let go. For hosts that share the folder, where
// flock may not reach, the file says who holds it and is written anew every ten seconds; a holder on another host that was silent
// for a minute, by the file server's own clock, is dead. Each holder gets a higher fencing number than any before.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace reelmill {

struct LeaseHolder {
  std::string host, machine, boot;  // name; machine-id, empty where there is none; id of this boot of the kernel
  std::int64_t pid = 0, start = 0;  // start: of the process, in ticks since boot, so that a pid used again is told apart

  static LeaseHolder here();
};

class Lease {
 public:
  struct Times {
    double beat = 10, dead = 60;  // seconds
  };

  // `what` is the folder that a message names. Kind lost (try again) while another run holds it.
  static Result<Lease> take(std::filesystem::path const& file, std::string_view what, LeaseHolder const& holder, Times times);
  static Result<Lease> take(std::filesystem::path const& file, std::string_view what) {
    return take(file, what, LeaseHolder::here(), Times());
  }
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease();  // gives it back, unless another has taken it over

  std::int64_t fence() const;
  // Of whom it was taken over, for people; empty: it was free.
  std::string const& taken_from() const;
  // Kind lost: another run has taken it over, because this one was silent for too long. To be asked before anything is committed.
  Result<void> check() const;

 private:
  struct State;
  explicit Lease(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reelmill
