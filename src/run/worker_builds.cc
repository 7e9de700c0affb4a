// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/worker_builds.h"

#include <optional>

#include "base/disk.h"
#include "base/environment.h"
#include "base/hash.h"
#include "base/processor.h"
#include "run/scheduler.h"
#include "run/worker_versions.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {
constexpr std::string_view record = "builds of the worker's libraries";

Json stamped(fs::path const& file) {
  auto const stamp = stamp_of(file);
  if (!stamp) return {};
  return {file.string(), stamp->inode, stamp->size, stamp->mtime_ns, stamp->ctime_ns};
}

// What could make the loader take other files.
Json loading() { return {environment("LD_LIBRARY_PATH"), environment("LD_PRELOAD"), stamped("/etc/ld.so.cache")}; }

std::optional<Builds> recalled(Store const& store, fs::path const& worker) {
  auto const remembered = store.recall(record);
  if (!remembered) return std::nullopt;
  try {
    if (remembered->at("worker") != stamped(worker) || remembered->at("loading") != loading()) return std::nullopt;
    for (auto const& file : remembered->at("files"))
      if (file != stamped(file.at(0).get<std::string>())) return std::nullopt;
    return remembered->at("builds").get<Builds>();
  } catch (std::exception const&) {
    return std::nullopt;
  }
}

Result<Builds> builds_of_libraries(Store& store) {
  auto const worker = TRY(find_worker());
  if (auto builds = recalled(store, worker)) return *std::move(builds);
  auto const versions = TRY(worker_versions());
  Builds builds;
  auto files = Json::array();
  for (auto const& build : versions.builds) {
    if (!libraries_in_keys().contains(build.library)) continue;
    builds[build.library] = build.id.empty() ? TRY(file_hash(build.file)) : build.id;
    files.push_back(stamped(build.file));
  }
  if (!builds.contains("libavcodec")) {
    // All of them are part of the program itself.
    auto const content = TRY(file_hash(worker));
    for (auto const& library : libraries_in_keys()) builds.try_emplace(std::string(library), content);
  }
  TRY(store.remember(record, {{"worker", stamped(worker)}, {"loading", loading()}, {"files", files}, {"builds", builds}}));
  return builds;
}
}  // namespace

Result<Builds> worker_builds(Store& store) {
  auto builds = TRY(builds_of_libraries(store));
  builds["processor"] = processor_class();
  return builds;
}

}  // namespace reelmill
