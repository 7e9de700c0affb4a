// SPDX-License-Identifier: GPL-3.0-or-later
// The map that describes one export, in a project file and in the presets shipped: the same keys, read by the same code.
#pragma once

#include <string_view>
#include <vector>

#include "project/diagnose.h"
#include "project/embedded.h"
#include "project/project.h"

namespace reelmill {

// Finds what `preset: NAME` and bare names refer to.
struct ExportNames {
  Export const* (*named)(std::string_view name) = nullptr;
  std::vector<std::string_view> names;
};

// What read_export knows.
std::vector<std::string_view> export_key_names();
// Changes `base` as `map` says.
void read_export(Node const& map, ExportNames const& known, Export& base, Mistakes& mistakes);
// The list `exports:` of a project file.
std::vector<Export> read_exports(Node const& list, ExportNames const& known, Mistakes& mistakes);

}  // namespace reelmill
