// SPDX-License-Identifier: GPL-3.0-or-later
// Room for work: so many at once, and so much memory. Holding a Slot is the permission to run; it gives itself back.
#pragma once

#include <cstdint>
#include <optional>

namespace reelmill {

class Slots;

// Move-only. Must not outlive its Slots.
class Slot {
 public:
  Slot(Slot&& other) noexcept;
  Slot& operator=(Slot&& other) noexcept;
  ~Slot();

 private:
  friend class Slots;
  Slot(Slots* owner, std::int64_t memory) : owner_(owner), memory_(memory) {}
  void give_back();

  Slots* owner_;
  std::int64_t memory_;
};

// For one thread. Stays where it is: its slots point to it.
class Slots {
 public:
  Slots(int count, std::int64_t memory) : count_(count), memory_(memory) {}
  Slots(Slots const&) = delete;
  Slots& operator=(Slots const&) = delete;

  // Nothing while there is no room. Asking for more memory than there is at all succeeds when nothing else is held.
  std::optional<Slot> take(std::int64_t memory);
  int held() const { return held_; }
  int count() const { return count_; }
  // One less at once from now on, down to one. What is held stays so.
  void lower();

 private:
  friend class Slot;
  int count_;
  std::int64_t memory_;
  int held_ = 0;
  std::int64_t used_ = 0;
};

}  // namespace reelmill
