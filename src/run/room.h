// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the disks have room for what a run will write, before it begins to.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "base/result.h"
#include "plan/plan.h"
#include "project/project.h"
#include "run/store.h"

namespace reelmill {

// Bytes that go below a folder, which need not be there yet.
struct Need {
  std::filesystem::path folder;
  std::int64_t bytes = 0;
};

struct Disk {
  std::uint64_t id = 0;  // the same for all folders of one file system
  std::int64_t free = 0;
};

// What a plan will write at least, into the cache and under its outputs' names. What cannot be known yet is left out.
std::vector<Need> needs_of(Project const& project, SourcePlan const& plan, Store& store, std::filesystem::path const& cache);

// Kind full: one of the disks is too small; the message says which, what is needed and what is there.
Result<void> check_room(std::vector<Need> const& needs, std::function<Result<Disk>(std::filesystem::path const&)> const& disk_of);
// Of this machine's disks.
Result<void> check_room(std::vector<Need> const& needs);

}  // namespace reelmill
