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

Workspace::Workspace(fs::path project, fs::path cache)
    : project_(std::move(project)), work_(project_ / ".reelmill"), cache_(cache.empty() ? work_ / "cache" : std::move(cache)) {}

Result<Workspace> Workspace::open(fs::path const& project) {
  std::error_code failed;
  auto absolute = fs::absolute(project, failed);
  if (failed) return disk_error(fmt::format("opening the project folder '{}'", project.string()), failed.value());
  char const* elsewhere = std::getenv("REELMILL_CACHE");
  fs::path cache = elsewhere ? elsewhere : "";
  if (!cache.empty()) cache = fs::absolute(cache, failed);
  Workspace workspace(absolute.lexically_normal(), cache);
  for (auto const& folder : {workspace.attempts(), workspace.memory(), workspace.cache()}) TRY(make_folders(folder));
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
  TRY(make_folders(logs()));
  return logs() / (utc_file_name(wall) + ".log");
}

}  // namespace reelmill
