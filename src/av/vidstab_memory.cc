// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/vidstab_memory.h"

#include <cstdlib>

extern "C" {
#include <vid.stab/libvidstab.h>
}

namespace reelmill::av {

namespace {

thread_local VidstabMemory* watcher = nullptr;

void* noted(void* block) {
  if (watcher != nullptr && block != nullptr) watcher->note(block);
  return block;
}

void forget(void* block) {
  if (watcher != nullptr) watcher->forget(block);
}

void* allocate(std::size_t size) { return noted(std::malloc(size)); }

void* allocate_zeros(std::size_t size) { return noted(std::calloc(1, size)); }

void* reallocate(void* block, std::size_t size) {
  forget(block);
  return noted(std::realloc(block, size));
}

void release(void* block) {
  forget(block);
  std::free(block);
}

}  // namespace

VidstabMemory::VidstabMemory() { watcher = this; }

VidstabMemory::~VidstabMemory() {
  watcher = nullptr;
  for (auto* const block : blocks_) std::free(block);
}

void watch_vidstab_memory() {
  vs_malloc = allocate;
  vs_zalloc = allocate_zeros;
  vs_realloc = reallocate;
  vs_free = release;
}

}  // namespace reelmill::av
