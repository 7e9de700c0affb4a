// SPDX-License-Identifier: GPL-3.0-or-later
// libvidstab 1.1.0 loses some kilobytes in every motion search (the vectors of its coarse and fine scans and the matches it
// throws out), which over a long film is the machine's memory. While one of these lives, what libvidstab allocates on this thread
// is noted, and what it has not freed by then is freed with this. Results must have been copied.
#pragma once

#include <unordered_set>

namespace reelmill::av {

class VidstabMemory {
 public:
  VidstabMemory();
  ~VidstabMemory();
  VidstabMemory(VidstabMemory const&) = delete;
  VidstabMemory& operator=(VidstabMemory const&) = delete;

  void note(void* block) { blocks_.insert(block); }
  void forget(void* block) { blocks_.erase(block); }

 private:
  std::unordered_set<void*> blocks_;
};

// Once, before the first search is set up.
void watch_vidstab_memory();

}  // namespace reelmill::av
