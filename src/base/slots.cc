// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/slots.h"

#include <algorithm>
#include <utility>

namespace reelmill {

Slot::Slot(Slot&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), memory_(other.memory_) {}

Slot& Slot::operator=(Slot&& other) noexcept {
  if (this != &other) {
    give_back();
    owner_ = std::exchange(other.owner_, nullptr);
    memory_ = other.memory_;
  }
  return *this;
}

Slot::~Slot() { give_back(); }

void Slot::give_back() {
  if (!owner_) return;
  --owner_->held_;
  owner_->used_ -= memory_;
  owner_ = nullptr;
}

void Slots::lower() { count_ = std::max(1, count_ - 1); }

std::optional<Slot> Slots::take(std::int64_t memory) {
  memory = std::clamp<std::int64_t>(memory, 0, memory_);
  if (held_ >= count_ || used_ + memory > memory_) return std::nullopt;
  ++held_;
  used_ += memory;
  return Slot(this, memory);
}

}  // namespace reelmill
