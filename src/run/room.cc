// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/room.h"

#include <sys/stat.h>

#include <map>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/text.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {
Result<Disk> disk_here(fs::path const& folder) {
  struct stat about {};
  auto const existing = existing_part(folder);
  if (::stat(existing.c_str(), &about) != 0) return disk_error(fmt::format("looking for room in '{}'", existing.string()), errno);
  return Disk { about.st_dev, TRY(free_space(existing)) };
}

// A film is written once into the cache and once under each of its names.
std::int64_t names_to_write(Project const& project, PlannedOutput const& output) {
  std::error_code ignored;
  std::int64_t const own = fs::exists(project.folder / output.file, ignored) ? 0 : 1;
  return own + static_cast<std::int64_t>(project.deliver.size());
}
}  // namespace

std::vector<Need> needs_of(Project const& project, SourcePlan const& plan, Store& store, fs::path const& cache) {
  Need work{cache, 0}, outputs{project.folder, 0};
  for (auto const& stage : plan.stages)
    if (stage.state != StageState::cached) work.bytes += stage.disk_least;
  for (auto const& output : plan.outputs) {
    bool const is_made = !output.key.empty() && store.has(output.key);
    if (!is_made) outputs.bytes += output.disk_least * names_to_write(project, output);
  }
  return {work, outputs};
}

Result<void> check_room(std::vector<Need> const& needs, std::function<Result<Disk>(fs::path const&)> const& disk_of) {
  struct Sum {
    fs::path folder;
    std::int64_t bytes = 0, free = 0;
  };
  std::map<std::uint64_t, Sum> disks;
  for (auto const& need : needs) {
    if (need.bytes <= 0) continue;
    auto const disk = TRY(disk_of(need.folder));
    auto& sum = disks.try_emplace(disk.id, Sum{need.folder, 0, disk.free}).first->second;
    sum.bytes += need.bytes;
  }
  for (auto const& [id, sum] : disks)
    if (sum.bytes > sum.free)
      return Error{
          ErrorKind::full,
          fmt::format("looking for room: the work needs at least {} in '{}', and {} are free; make room, or put the cache "
                      "on another disk with REELMILL_CACHE",
                      human_bytes(sum.bytes), printable(sum.folder.string()), human_bytes(sum.free))};
  return {};
}

Result<void> check_room(std::vector<Need> const& needs) { return check_room(needs, disk_here); }

}  // namespace reelmill
