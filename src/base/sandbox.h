// SPDX-License-Identifier: GPL-3.0-or-later
// Locks the calling process in before it reads hostile bytes: it can read its inputs, write its own folder, compute, and
// nothing else. There is no way back. Call it before any thread is started; threads started later are locked in too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace reelmill {

struct SandboxPlan {
  std::vector<std::filesystem::path> readable{};  // files, or folders with all below; they must exist
  std::vector<std::filesystem::path> writable{};  // folders with all below; they must exist
  std::int64_t max_address_space = 0;             // bytes; an allocation beyond it fails; 0: as it was
  std::int64_t max_file_size = 0;                 // bytes; a write beyond it fails with EFBIG; 0: as it was
  std::int64_t cpu_seconds = 0;                   // of all threads; beyond it SIGXCPU ends the process; 0: as it was
};

// The level reached: "landlock+seccomp", "seccomp" (the kernel has no Landlock: files are open to it), "landlock" (it cannot
// filter system calls) or "rlimits". Anything that the kernel has and refuses is an error.
// Shared libraries, fonts and time zones stay readable. No sockets, no other programs, no debugging, no kernel doors.
Result<std::string> enter_sandbox(SandboxPlan const& plan);

}  // namespace reelmill
