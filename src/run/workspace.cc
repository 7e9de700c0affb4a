// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/workspace.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/clock.h"
#include "base/disk.h"
#include "base/text.h"

namespace reelmill {
namespace fs = std::filesystem;

Lease::Lease(Lease&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

Lease& Lease::operator=(Lease&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

Lease::~Lease() {
  if (file_ >= 0) close(file_);
}

namespace {
std::string environment(char const* name) {
  char const* value = std::getenv(name);
  return value ? value : "";
}

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
  auto const elsewhere = environment("REELMILL_CACHE");
  workspace.cache_ = elsewhere.empty() ? workspace.work_ / "cache" : TRY(absolute(elsewhere, "opening the cache folder"));
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
  workspace.cache_ = environment("REELMILL_CACHE").empty() ? users / "cache" : users;
  TRY(workspace.make());
  return workspace;
}

Result<Lease> Workspace::lease() const {
  auto path = work_ / "lock";
  int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return disk_error(fmt::format("opening '{}'", path.string()), errno);
  Lease lease(file);
  if (flock(file, LOCK_EX | LOCK_NB) == 0) {
    auto holder = fmt::format("{}\n", getpid());
    if (ftruncate(file, 0) != 0 || pwrite(file, holder.data(), holder.size(), 0) < 0)
      return disk_error(fmt::format("writing '{}'", path.string()), errno);
    return lease;
  }
  if (errno != EWOULDBLOCK) return disk_error(fmt::format("locking '{}'", path.string()), errno);
  auto holder = read_file(path);
  return Error{ErrorKind::lost,
               fmt::format("working in '{}': another run (process {}) is at work there; wait for its end or stop it",
                           project_.string(), holder ? trim(*holder) : "?")};
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
