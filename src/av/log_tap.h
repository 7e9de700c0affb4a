// SPDX-License-Identifier: GPL-3.0-or-later
// While one lives, libav's complaints are kept instead of printed: some damage is told there and nowhere else. One at a time;
// any thread may complain.
#pragma once

#include <string>

namespace reelmill::av {

class LogTap {
 public:
  LogTap();
  ~LogTap();
  LogTap(LogTap const&) = delete;
  LogTap& operator=(LogTap const&) = delete;

  // The first complaint since the last call, printable, or nothing; the others of that time are dropped.
  std::string take();
};

}  // namespace reelmill::av
