// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/processor.h"

namespace reelmill {

std::string processor_class() {
  std::string out;
  auto const add = [&](bool has, char const* name) {
    if (has) out += (out.empty() ? "" : " ") + std::string(name);
  };
  add(__builtin_cpu_supports("sse4.2"), "sse4.2");
  add(__builtin_cpu_supports("avx"), "avx");
  add(__builtin_cpu_supports("xop"), "xop");
  add(__builtin_cpu_supports("fma4"), "fma4");
  add(__builtin_cpu_supports("fma"), "fma");
  add(__builtin_cpu_supports("avx2"), "avx2");
  add(__builtin_cpu_supports("avx512f"), "avx512f");
  return out;
}

}  // namespace reelmill
