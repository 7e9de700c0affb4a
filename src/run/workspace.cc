// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/workspace.h"

#include <fmt/format.h>

#include <utility>

#include "base/clock.h"
#include "base/disk.h"
#include "base/environment.h"
#include "base/hash.h"
#include "base/text.h"

namespace reelmill {
namespace fs = std::filesystem;

namespace {
Result<fs::path> absolute(fs::path const& path, std::string_view doing) {
  std::error_code failed;
  auto out = fs::absolute(path, failed);
  if (failed) return disk_error(fmt::format("{} '{}'", doing, path.string()), failed.value());
  return out.lexically_normal();
}
}  // namespace

Result<fs::path> user_cache_folder() {
  if (auto const ours = environment("REELMILL_CACHE"); !ours.empty()) return absolute(ours, "opening the cache folder");
  // A relative one is to be ignored (XDG Base Directory Specification).
  if (fs::path const users = environment("XDG_CACHE_HOME"); users.is_absolute()) return users / "reelmill";
  if (fs::path const home = environment("HOME"); home.is_absolute()) return home / ".cache" / "reelmill";
  return Error{ErrorKind::missing,
               "looking for the user's cache folder: neither XDG_CACHE_HOME nor HOME is set; set REELMILL_CACHE"};
}

Result<fs::path> users_units() {
  auto const users = TRY(user_cache_folder());
  return environment("REELMILL_CACHE").empty() ? users / "cache" : users;
}

Result<fs::path> units_of(fs::path const& project) {
  if (auto const elsewhere = environment("REELMILL_CACHE"); !elsewhere.empty())
    return absolute(elsewhere, "opening the cache folder");
  return TRY(absolute(project, "opening the project folder"))
  / ".reelmill" / "cache";
}

Result<void> Workspace::make() const {
  for (auto const& folder : {attempts(), memory_, cache_}) TRY(make_folders(folder));
  return Done{};
}

Result<Workspace> Workspace::open(fs::path const& project) {
  Workspace workspace;
  workspace.project_ = TRY(absolute(project, "opening the project folder"));
  workspace.work_ = workspace.project_ / ".reelmill";
  workspace.memory_ = workspace.work_ / "memory";
  workspace.logs_ = workspace.project_ / "metadata" / "logs";
  workspace.cache_ = TRY(units_of(project));
  TRY(workspace.make());
  return workspace;
}

Result<Workspace> Workspace::open_one_shot(fs::path const& folder, std::string_view id) {
  Workspace workspace;
  auto const users = TRY(user_cache_folder());
  workspace.project_ = folder;
  workspace.work_ = users / "one-shots" / safe_name_part(id);
  workspace.memory_ = users / "memory";
  workspace.logs_ = workspace.work_ / "logs";
  workspace.cache_ = TRY(users_units());
  TRY(workspace.make());
  return workspace;
}

Result<Lease> Workspace::lease() const { return Lease::take(work_ / "lock", project_.string()); }

Result<fs::path> Workspace::journal() const {
  fs::path state;
  if (auto const ours = environment("REELMILL_STATE"); !ours.empty())
    state = TRY(absolute(ours, "opening the state folder"));
  else if (fs::path const users = environment("XDG_STATE_HOME"); users.is_absolute())
    state = users / "reelmill";
  else if (fs::path const home = environment("HOME"); home.is_absolute())
    state = home / ".local" / "state" / "reelmill";
  else
    return Error{ErrorKind::missing,
                 "looking for the user's state folder: neither XDG_STATE_HOME nor HOME is set; set REELMILL_STATE"};
  auto const folder = TRY(stamp_of(work_));
  return state / "journals" / (Hasher().add(work_.string()).add(folder.inode).hex() + ".db");
}

Result<fs::path> Workspace::new_attempt(std::string_view stage_id) const {
  // Names go on from what lies there, so that a leftover is never mistaken for a fresh attempt.
  static int last = 0;
  for (auto name = safe_name_part(stage_id).substr(0, 80);;) {
    auto folder = attempts() / fmt::format("{}-{}", ++last, name);
    std::error_code failed;
    if (fs::create_directory(folder, failed)) return folder;
    if (failed) return disk_error(fmt::format("making the attempt folder '{}'", folder.string()), failed.value());
  }
}

Result<fs::path> Workspace::new_log(double wall) const {
  TRY(make_folders(logs_));
  return logs_ / (utc_file_name(wall) + ".log");
}

}  // namespace reelmill
