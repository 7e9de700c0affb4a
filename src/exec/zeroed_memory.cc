// SPDX-License-Identifier: GPL-3.0-or-later
// x264 reads some of its memory before it writes it: the same frames give other bytes when malloc hands out used memory
// (docs/decisions/006). It takes all of it by memalign, so in this program memalign gives zeros.
#include <cstdlib>
#include <cstring>

#if !defined(__SANITIZE_ADDRESS__)
extern "C" void* memalign(std::size_t alignment, std::size_t size) {
  void* const memory = std::aligned_alloc(alignment, size);
  if (memory) std::memset(memory, 0, size);
  return memory;
}
#endif
