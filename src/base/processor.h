// SPDX-License-Identifier: GPL-3.0-or-later
// What this machine's processor can do, as far as libraries choose their ways of reckoning by it.
#pragma once

#include <string>

namespace reelmill {

// The sets of instructions that it has, by their usual names: "sse4.2 avx avx2 fma". The same in a process and its children.
std::string processor_class();

}  // namespace reelmill
