// SPDX-License-Identifier: GPL-3.0-or-later
// How long one call into a demuxer may keep a processor busy. Files exist that keep it searching for hours and give nothing.
// Processor time and not the clock on the wall, so that a slow disk or a busy machine never makes a good file fail.
#pragma once

#include <memory>
#include <optional>

#include "av/handles.h"

namespace reelmill::av {

class Deadline {
 public:
  // What libav asks while it reads. Valid as long as this object, also after it was moved.
  AVIOInterruptCB callback() const;
  // Begins anew; to be called before each call, by the thread that makes it.
  void restart();
  bool is_over() const;

 private:
  using Until = std::optional<double>;  // in processor seconds of the thread
  static bool has_passed(Until& until);

  std::unique_ptr<Until> until_ = std::make_unique<Until>();
};

}  // namespace reelmill::av
