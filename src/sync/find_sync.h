// SPDX-License-Identifier: GPL-3.0-or-later
// How two recordings lie against each other: a coarse search over the full overlap, many windows finely, and the lines on
// which these agree. Memory and time grow with the recordings only by what is read of them.
#pragma once

#include "base/result.h"
#include "graph/sync.h"
#include "sync/recording.h"
#include "sync/tell_share.h"

namespace reelmill {

Result<SyncFinding> find_sync(Recording const& a, Recording const& b, TellShare const& tell = [](double) {});

}  // namespace reelmill
