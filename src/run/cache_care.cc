// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/cache_care.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/disk.h"
#include "run/cache_use.h"
#include "run/quarantine.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t evicted_at_once = 64;
constexpr auto leftover_after = std::chrono::hours(24), quarantine_kept = std::chrono::hours(24 * 7);

struct Unit {
  std::string key;
  fs::path folder;
  std::int64_t bytes = 0;
  fs::file_time_type used{};
};

std::int64_t bytes_below(fs::path const& place) {
  std::error_code failed;
  if (!fs::is_directory(fs::symlink_status(place, failed))) {
    auto const bytes = fs::file_size(place, failed);
    return failed ? 0 : static_cast<std::int64_t>(bytes);
  }
  std::int64_t sum = 0;
  for (fs::recursive_directory_iterator entry(place, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code gone;
    if (entry->is_regular_file(gone))
      if (auto const bytes = entry->file_size(gone); !gone) sum += static_cast<std::int64_t>(bytes);
  }
  return sum;
}

std::optional<fs::file_time_type> last_use(fs::path const& folder) {
  std::error_code failed;
  auto const time = fs::last_write_time(folder / "result.json", failed);
  return failed ? std::nullopt : std::optional(time);
}

// Units, and below the same folders what copies that were broken off have left.
void scan(fs::path const& cache, std::vector<Unit>& units, std::vector<fs::path>& leftovers) {
  std::error_code failed;
  auto const old = fs::file_time_type::clock::now() - leftover_after;
  for (fs::directory_iterator group(cache, failed), end; !failed && group != end; group.increment(failed)) {
    auto const prefix = group->path().filename().string();
    if (prefix.size() != 2) continue;
    std::error_code unreadable;
    for (fs::directory_iterator entry(group->path(), unreadable); !unreadable && entry != end; entry.increment(unreadable)) {
      auto const name = entry->path().filename().string();
      std::error_code gone;
      if (entry->path().extension() == ".part") {
        if (entry->last_write_time(gone) < old && !gone) leftovers.push_back(entry->path());
      } else if (name.starts_with(prefix)) {
        if (auto const used = last_use(entry->path())) units.push_back({name, entry->path(), bytes_below(entry->path()), *used});
      }
    }
  }
}

// By what the worker says of each kind, in the order of likelihood.
std::string kind_of(fs::path const& folder) {
  std::array<char, 2048> head{};
  std::ifstream file(folder / "result.json");
  file.read(head.data(), head.size());
  std::string_view const text(head.data(), static_cast<std::size_t>(file.gcount()));
  constexpr std::array<std::pair<std::string_view, char const*>, 8> signs{{{"\"capped\":", "chunk"},
                                                                           {"\"sha256\":", "film"},
                                                                           {"\"priming\":", "sound"},
                                                                           {"\"analysis\":", "analysis"},
                                                                           {"\"index\":", "index"},
                                                                           {"\"extradata_hash\":", "copy"},
                                                                           {"\"sync\":", "sync"},
                                                                           {"\"transcript\":", "transcript"}}};
  for (auto const& [sign, kind] : signs)
    if (text.find(sign) != text.npos) return kind;
  return "other";
}

void add(Heap& heap, std::int64_t bytes) {
  ++heap.units;
  heap.bytes += bytes;
}

std::int64_t remove_below(fs::path const& place, std::chrono::hours kept) {
  std::int64_t removed = 0;
  std::error_code failed;
  auto const now = fs::file_time_type::clock::now();
  for (fs::directory_iterator entry(place, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code gone;
    auto const time = entry->last_write_time(gone);
    if (gone || now - time < kept) continue;
    removed += bytes_below(entry->path());
    fs::remove_all(entry->path(), gone);
  }
  return removed;
}

}  // namespace

CacheUsage usage_of(fs::path const& cache) {
  CacheUsage usage;
  std::vector<Unit> units;
  std::vector<fs::path> leftovers;
  scan(cache, units, leftovers);
  auto const pins = read_pins(cache);
  usage.processes = pins.processes;
  for (auto const& unit : units) {
    add(usage.all, unit.bytes);
    add(usage.kinds[kind_of(unit.folder)], unit.bytes);
    if (pins.keys.contains(unit.key)) add(usage.in_use, unit.bytes);
  }
  std::error_code failed;
  for (fs::directory_iterator entry(cache / "quarantine", failed), end; !failed && entry != end; entry.increment(failed))
    add(usage.quarantined, bytes_below(entry->path()));
  return usage;
}

Result<CacheCollected> collect(fs::path const& cache, std::int64_t keep, CacheProgress const& progress) {
  CacheCollected done;
  std::vector<Unit> units;
  std::vector<fs::path> leftovers;
  scan(cache, units, leftovers);
  for (auto const& unit : units) add(done.before, unit.bytes);
  done.after = done.before;
  auto const trash = cache / "trash";
  std::error_code failed;
  for (auto const& leftover : leftovers) {
    done.removed += bytes_below(leftover);
    fs::remove_all(leftover, failed);
  }
  done.removed += remove_below(trash, std::chrono::hours(0)) + remove_below(cache / "quarantine", quarantine_kept);
  if (done.after.bytes <= keep) return done;

  TRY(make_folders(trash));
  std::sort(units.begin(), units.end(),
            [](Unit const& a, Unit const& b) { return std::tie(a.used, a.key) < std::tie(b.used, b.key); });
  for (std::size_t next = 0; next < units.size() && done.after.bytes > keep;) {
    {
      auto const alone = TRY(CacheToOneself::wait(cache));
      auto const pins = read_pins(cache);
      for (std::size_t taken = 0; taken < evicted_at_once && next < units.size() && done.after.bytes > keep; ++next) {
        auto const& unit = units[next];
        if (pins.keys.contains(unit.key)) {
          add(done.in_use, unit.bytes);
          continue;
        }
        if (last_use(unit.folder) != unit.used) continue;
        auto const to = trash / fmt::format("{}.{}", unit.key, getpid());
        if (std::rename(unit.folder.c_str(), to.c_str()) != 0)
          return disk_error(fmt::format("evicting '{}'", unit.folder.string()), errno);
        ++taken;
        add(done.evicted, unit.bytes);
        done.after.bytes -= unit.bytes;
        --done.after.units;
      }
    }
    remove_below(trash, std::chrono::hours(0));
    if (progress) progress(static_cast<std::int64_t>(next), static_cast<std::int64_t>(units.size()), done.evicted.bytes);
  }
  return done;
}

Result<Heap> make_room(fs::path const& cache, std::int64_t bytes) {
  auto const usage = usage_of(cache);
  if (usage.all.bytes - usage.in_use.bytes < bytes) return Heap{};
  return (TRY(collect(cache, usage.all.bytes - bytes))).evicted;
}

CacheVerified verify(fs::path const& cache, CacheProgress const& progress) {
  CacheVerified verified;
  std::vector<Unit> units;
  std::vector<fs::path> leftovers;
  scan(cache, units, leftovers);
  for (auto const& unit : units) {
    auto const checked = check_unit_contents(unit.folder, &verified.looked.bytes);
    ++verified.looked.units;
    std::error_code gone;
    if (!checked && fs::exists(unit.folder, gone)) {
      auto const to = quarantine(cache, unit.key);
      verified.damaged.push_back(checked.error().what + (to.empty() ? "; removed" : fmt::format("; moved to '{}'", to.string())));
    }
    if (progress) progress(verified.looked.units, static_cast<std::int64_t>(units.size()), verified.looked.bytes);
  }
  return verified;
}

}  // namespace reelmill
