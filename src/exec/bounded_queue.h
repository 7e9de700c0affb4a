// SPDX-License-Identifier: GPL-3.0-or-later
// A bounded queue between the thread that makes things (pictures, packets) and the thread that works on them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>

namespace reelmill {

// An Item that was made by Item() stands for the end.
template <class Item>
class BoundedQueue {
 public:
  // Holds things up to `most` weight, and one of any weight.
  explicit BoundedQueue(std::size_t most) : most_(most) {}

  // Waits for room. False once the reader has given up.
  bool push(Item item, std::size_t weight = 1) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return items_.empty() || held_ + weight <= most_ || given_up_; });
    if (given_up_) return false;
    items_.emplace_back(std::move(item), weight);
    held_ += weight;
    changed_.notify_all();
    return true;
  }
  void end() {
    std::scoped_lock const lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  // Waits for a thing; Item() at the end.
  Item pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !items_.empty() || ended_; });
    if (items_.empty()) return Item();
    auto [item, weight] = std::move(items_.front());
    items_.pop_front();
    held_ -= weight;
    changed_.notify_all();
    return std::move(item);
  }
  void give_up() {
    std::scoped_lock const lock(mutex_);
    given_up_ = true;
    items_.clear();
    held_ = 0;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<Item, std::size_t>> items_;
  std::size_t most_, held_ = 0;
  bool ended_ = false, given_up_ = false;
};

}  // namespace reelmill
