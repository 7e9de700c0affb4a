// SPDX-License-Identifier: GPL-3.0-or-later
// x264 reads some of its memory before it writes it: the same frames give other bytes when malloc hands out used memory
// (docs/decisions/006). It takes all of it by memalign, so in this program memalign gives zeros.
#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#if !defined(__SANITIZE_ADDRESS__)
namespace {
constexpr std::uintptr_t page = 4096;
constexpr std::size_t large = 64 * page;

// Asks for all pages at once: an encoder takes a gigabyte, and a fault for each page of it costs twice as much.
void populate(void* memory, std::size_t size) {
  auto const begin = (reinterpret_cast<std::uintptr_t>(memory) + page - 1) & ~(page - 1);
  auto const end = (reinterpret_cast<std::uintptr_t>(memory) + size) & ~(page - 1);
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_POPULATE_WRITE);  // a kernel before 5.14 lets the faults come
}
}  // namespace

extern "C" void* memalign(std::size_t alignment, std::size_t size) {
  void* const memory = std::aligned_alloc(alignment, size);
  if (!memory) return nullptr;
  if (size >= large) populate(memory, size);
  std::memset(memory, 0, size);
  return memory;
}
#endif
