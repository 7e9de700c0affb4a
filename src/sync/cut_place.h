// SPDX-License-Identifier: GPL-3.0-or-later
// Where exactly one segment ends and the next begins.
#pragma once

#include "base/result.h"
#include "graph/sync.h"
#include "sync/recording.h"

namespace reelmill {

// The segments come from window to window; they leave from cut to cut, the first from where both recordings have begun and the
// last to where one of them ends. Where B lacks something that A has, that is left between two segments.
Result<void> place_cuts(SyncFinding& finding, Recording const& a, Recording const& b);

}  // namespace reelmill
