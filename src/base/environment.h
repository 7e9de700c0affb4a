// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <string>

namespace reelmill {

// What an environment variable says; empty when it is not set.
inline std::string environment(char const* name) {
  char const* const value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace reelmill
