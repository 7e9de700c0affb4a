// SPDX-License-Identifier: GPL-3.0-or-later
// What of an export does not go together, although each of its keys is right by itself.
#pragma once

#include "project/diagnose.h"
#include "project/project.h"

namespace reelmill {

// Codec, container and size. `map` is the export's own map, whose keys are pointed at.
void check_export(Node const& map, Export const& made, Mistakes& mistakes);
// Frame rates and sample rates that codec or container do not know; they may be the project's own.
void check_rates(Export const& made, Normalize const& normalize, Mistakes& mistakes);

}  // namespace reelmill
