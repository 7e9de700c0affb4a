// SPDX-License-Identifier: GPL-3.0-or-later
// What a fuzz target promises about any input; a broken promise is a crash, which every fuzzer understands.
#pragma once

#include <cstdio>
#include <cstdlib>

#define REQUIRE(promise)                                                                 \
  do {                                                                                   \
    if (!(promise)) {                                                                    \
      std::fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #promise); \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)
