// SPDX-License-Identifier: GPL-3.0-or-later
// The shared libraries that this process has loaded, and which build each of them is.
#pragma once

#include <string>
#include <vector>

namespace reelmill {

struct LoadedLibrary {
  std::string name;   // "libx264"
  std::string file;   // absolute
  std::string build;  // the linker's build id in hexadecimal; empty: it was linked without
};
// Sorted by name.
std::vector<LoadedLibrary> loaded_libraries();

}  // namespace reelmill
