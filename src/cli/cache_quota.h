// SPDX-License-Identifier: GPL-3.0-or-later
// How much a cache may hold: REELMILL_CACHE_QUOTA, kept at the end of every run that made something.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "run/events.h"
#include "run/store.h"
#include "run/workspace.h"

namespace reelmill {

// Bytes: "20G", "500 MB", "1000000". K, M and G are powers of 1024, as in --memory. Kind usage; `what` says where it was written.
Result<std::int64_t> parse_size(std::string text, std::string_view what);

// Nothing where none is set.
Result<std::optional<std::int64_t>> cache_quota();

// Evicts down to the quota, and says so when it did. A failure is a warning: the run has done its work.
void keep_quota(std::int64_t quota, Workspace const& workspace, Store& store, Events& events);

}  // namespace reelmill
