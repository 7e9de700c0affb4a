// SPDX-License-Identifier: GPL-3.0-or-later
// A bounded queue of pictures between the thread that makes them and the thread that encodes them.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "av/handles.h"

namespace reelmill {

class FrameQueue {
 public:
  explicit FrameQueue(std::size_t most) : most_(most) {}

  // Waits for room. False once the reader has given up.
  bool push(av::Frame frame) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return frames_.size() < most_ || given_up_; });
    if (given_up_) return false;
    frames_.push_back(std::move(frame));
    changed_.notify_all();
    return true;
  }
  void end() {
    std::scoped_lock const lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  // Waits for a frame; null at the end.
  av::Frame pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !frames_.empty() || ended_; });
    if (frames_.empty()) return nullptr;
    auto frame = std::move(frames_.front());
    frames_.pop_front();
    changed_.notify_all();
    return frame;
  }
  void give_up() {
    std::scoped_lock const lock(mutex_);
    given_up_ = true;
    frames_.clear();
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<av::Frame> frames_;
  std::size_t most_;
  bool ended_ = false, given_up_ = false;
};

}  // namespace reelmill
