// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/cache_use.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/clock.h"
#include "base/disk.h"
#include "base/text.h"
#include "run/lease.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr double touch_interval = 60, foreign_is_dead = 600;  // seconds

fs::path lock_of(fs::path const& cache) { return cache / "lock"; }
fs::path pins_of(fs::path const& cache) { return cache / "in-use"; }

int lock(int file, int how) {
  int done = -1;
  do done = flock(file, how);
  while (done != 0 && errno == EINTR);
  return done;
}

std::string const& this_boot() {
  static std::string const boot = LeaseHolder::here().boot;
  return boot;
}

// Its keys are the lines after the first, which is the boot of its kernel.
bool is_alive(int file, fs::path const& path, std::string_view boot) {
  if (lock(file, LOCK_SH | LOCK_NB) != 0) return errno == EWOULDBLOCK;
  if (boot == this_boot()) return false;
  auto const age = seconds_since_written(path);
  return !age || *age < foreign_is_dead;
}

}  // namespace

CacheUse::~CacheUse() {
  if (file_ >= 0) {
    unlink(pins_.c_str());
    close(file_);
  }
  if (lock_ >= 0) close(lock_);
}

void CacheUse::pin(std::string const& key) {
  if (!pinned_.insert(key).second) return;
  if (lock_ < 0) lock_ = ::open(lock_of(cache_).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock_ >= 0 && !is_held_) is_held_ = lock(lock_, LOCK_SH) == 0;
  unwritten_.push_back(key);
}

bool CacheUse::write_pins() {
  std::string text;
  if (file_ < 0) {
    std::error_code failed;
    fs::create_directories(pins_of(cache_), failed);
    for (int i = 0; i < 100 && file_ < 0; ++i) {
      pins_ = pins_of(cache_) / fmt::format("{}-{}-{}.keys", this_boot(), getpid(), i);
      file_ = ::open(pins_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    }
    if (file_ < 0 || lock(file_, LOCK_EX) != 0) return false;
    text = this_boot();
  }
  // Begins with an end of line, in case an earlier write was cut short.
  text += "\n";
  for (auto const& key : unwritten_) text += key + "\n";
  return ::write(file_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool CacheUse::settle() {
  auto const now = steady_seconds();
  if (!unwritten_.empty()) {
    // Where they cannot be written the lock goes on doing their work.
    if (!write_pins()) return false;
    unwritten_.clear();
    touched_ = now;
  }
  if (file_ >= 0 && now - touched_ > touch_interval) {
    futimens(file_, nullptr);
    touched_ = now;
  }
  if (is_held_) is_held_ = lock(lock_, LOCK_UN) != 0;
  return !is_held_;
}

Pins read_pins(fs::path const& cache) {
  Pins pins;
  std::error_code failed;
  for (fs::directory_iterator entry(pins_of(cache), failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path().extension() != ".keys") continue;
    int const file = ::open(entry->path().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    auto const text = read_file(entry->path());
    auto const lines = text ? split(*text, '\n') : std::vector<std::string_view>{""};
    if (is_alive(file, entry->path(), lines[0])) {
      ++pins.processes;
      for (std::size_t i = 1; i < lines.size(); ++i)
        if (!lines[i].empty()) pins.keys.emplace(lines[i]);
    } else {
      unlink(entry->path().c_str());
    }
    close(file);
  }
  return pins;
}

Result<CacheToOneself> CacheToOneself::wait(fs::path const& cache) {
  int const file = ::open(lock_of(cache).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) return disk_error(fmt::format("opening '{}'", lock_of(cache).string()), errno);
  CacheToOneself alone(file);
  if (lock(file, LOCK_EX) != 0) return disk_error(fmt::format("locking '{}'", lock_of(cache).string()), errno);
  return alone;
}

CacheToOneself::~CacheToOneself() {
  if (lock_ >= 0) close(lock_);
}

}  // namespace reelmill
