// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/disk.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/drafts.h"
#include "base/hash.h"
#include "base/text.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t piece_size = 1 << 20;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor const&) = delete;
  Descriptor& operator=(Descriptor const&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }
  // 0 or an errno: NFS reports a full disk here.
  int close() { return ::close(std::exchange(number_, -1)) == 0 ? 0 : errno; }

 private:
  int number_;
};

std::string quoted(fs::path const& path) { return fmt::format("'{}'", printable(path.string())); }

int open_retrying(fs::path const& path, int flags, mode_t mode = 0) {
  int number = -1;
  do number = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (number < 0 && errno == EINTR);
  return number;
}

int write_all(int number, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const written = ::write(number, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// Copies from `offset` on to where `to` stands, which a file system or a server may do without moving a byte. How much was
// copied: less than `size` where they cannot.
std::size_t copy_by_kernel(int from, off_t offset, int to, std::size_t size) {
  std::size_t copied = 0;
  while (copied < size) {
    auto const count = ::copy_file_range(from, &offset, to, nullptr, size - copied, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    copied += static_cast<std::size_t>(count);
  }
  return copied;
}

// Reads up to `buffer.size()` bytes; the count, or minus an errno.
ssize_t read_some(int number, std::string& buffer) {
  ssize_t count = -1;
  do count = ::read(number, buffer.data(), buffer.size());
  while (count < 0 && errno == EINTR);
  return count < 0 ? -errno : count;
}

fs::path folder_of(fs::path const& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

// A new file beside its destination, gone again unless it was renamed into place.
class Draft {
 public:
  explicit Draft(fs::path destination) : destination_(std::move(destination)) {}
  Draft(Draft const&) = delete;
  Draft& operator=(Draft const&) = delete;
  ~Draft() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  Result<int> open() {
    for (int attempt = 0; attempt < 16; ++attempt) {
      std::uint64_t random = 0;
      if (::getrandom(&random, sizeof random, 0) != sizeof random)
        random = static_cast<std::uint64_t>(::getpid()) + static_cast<std::uint64_t>(attempt);
      auto const candidate = folder_of(destination_) / (std::string(draft_prefix) + hex_of(random) + std::string(draft_suffix));
      int const number = open_retrying(candidate, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
      if (number >= 0 && is_ours(number)) {
        path_ = candidate;
        return number;
      }
      if (number >= 0)
        ::close(number);
      else if (errno != EEXIST)
        break;
    }
    return disk_error("writing " + quoted(destination_), errno);
  }

  Result<void> commit(Descriptor& file) {
    if (::fsync(file.number()) != 0) return disk_error("syncing " + quoted(destination_), errno);
    if (int const failure = file.close()) return disk_error("closing " + quoted(destination_), failure);
    if (::rename(path_.c_str(), destination_.c_str()) != 0) return disk_error("renaming into " + quoted(destination_), errno);
    path_.clear();
    return sync_folder(folder_of(destination_));
  }

 private:
  // Locked as long as it is open, so that sweep_drafts knows it from one whose writer died; not so where one swept meanwhile.
  static bool is_ours(int number) {
    if (::flock(number, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
    struct stat status {};
    return ::fstat(number, &status) == 0 && status.st_nlink > 0;
  }

  fs::path destination_, path_;
};

}  // namespace

Error disk_error(std::string_view doing, int error_number) {
  auto const kind = [&] {
    switch (error_number) {
      case ENOSPC:
      case EDQUOT:
      case ENOMEM:
      case EFBIG:
        return ErrorKind::full;
      case ESTALE:
      case ETIMEDOUT:
      case EHOSTDOWN:
        return ErrorKind::lost;
      default:
        return ErrorKind::failed;
    }
  }();
  auto reason = std::generic_category().message(error_number);
  if (!reason.empty()) reason[0] = lower_case(reason[0]);
  auto const advice = kind == ErrorKind::full ? ", make room and try again" : "";
  return Error{kind, fmt::format("{}: {}{}", doing, reason, advice)};
}

Result<void> read_in_pieces(fs::path const& file, std::function<void(std::string_view)> const& take) {
  Descriptor const descriptor(open_retrying(file, O_RDONLY));
  if (!descriptor) return disk_error("opening " + quoted(file), errno);
  std::string buffer(piece_size, '\0');
  for (;;) {
    auto const count = read_some(descriptor.number(), buffer);
    if (count < 0) return disk_error("reading " + quoted(file), static_cast<int>(-count));
    if (count == 0) return Done{};
    take(std::string_view(buffer).substr(0, static_cast<std::size_t>(count)));
  }
}

Result<std::string> read_file(fs::path const& file, std::int64_t most) {
  Descriptor const descriptor(open_retrying(file, O_RDONLY));
  if (!descriptor) return disk_error("opening " + quoted(file), errno);
  auto const too_large = [&] {
    return Error{ErrorKind::failed, fmt::format("reading {}: it is larger than {}", quoted(file), human_bytes(most))};
  };
  struct stat status {};
  std::string out;
  bool const is_regular = ::fstat(descriptor.number(), &status) == 0 && S_ISREG(status.st_mode);
  if (is_regular && status.st_size > most) return too_large();
  if (is_regular)
    out.resize(static_cast<std::size_t>(status.st_size) + 1);
  else
    out.resize(4096);
  std::size_t used = 0;
  for (;;) {
    if (used == out.size()) out.resize(out.size() * 2);
    auto const count = ::read(descriptor.number(), out.data() + used, out.size() - used);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return disk_error("reading " + quoted(file), errno);
    if (count == 0) break;
    used += static_cast<std::size_t>(count);
    if (used > static_cast<std::uint64_t>(most)) return too_large();
  }
  out.resize(used);
  return out;
}

Result<void> write_file_atomically(fs::path const& file, std::string_view bytes) {
  Draft draft(file);
  Descriptor descriptor(TRY(draft.open()));
  if (int const failure = write_all(descriptor.number(), bytes)) return disk_error("writing " + quoted(file), failure);
  return draft.commit(descriptor);
}

Result<void> make_folders(fs::path const& folder) {
  std::error_code failure;
  std::vector<fs::path> made;
  for (auto missing = folder; !missing.empty() && !fs::exists(missing, failure); missing = missing.parent_path())
    made.push_back(missing);
  fs::create_directories(folder, failure);
  if (failure) return disk_error("making folder " + quoted(folder), failure.value());
  for (auto const& each : made) TRY(sync_folder(folder_of(each)));
  return Done{};
}

Result<void> sync_folder(fs::path const& folder) {
  Descriptor const descriptor(open_retrying(folder, O_RDONLY | O_DIRECTORY));
  if (!descriptor) return disk_error("opening folder " + quoted(folder), errno);
  if (::fsync(descriptor.number()) != 0 && errno != EINVAL && errno != ENOTSUP)
    return disk_error("syncing folder " + quoted(folder), errno);
  return Done{};
}

Result<Copied> copy_file_atomically(fs::path const& from, fs::path const& to) {
  Descriptor const source(open_retrying(from, O_RDONLY));
  if (!source) return disk_error("opening " + quoted(from), errno);
  Draft draft(to);
  Descriptor target(TRY(draft.open()));
  Copied copied;
  copied.shared = ::ioctl(target.number(), FICLONE, source.number()) == 0;
  copied.by_kernel = !copied.shared;
  Sha256 hash;
  std::string buffer(piece_size, '\0');
  for (;;) {
    auto const count = read_some(source.number(), buffer);
    if (count < 0) return disk_error("reading " + quoted(from), static_cast<int>(-count));
    if (count == 0) break;
    auto const piece = std::string_view(buffer).substr(0, static_cast<std::size_t>(count));
    hash.add(piece);
    auto const offset = std::exchange(copied.size, copied.size + count);
    if (copied.shared) continue;
    auto const done = copied.by_kernel ? copy_by_kernel(source.number(), offset, target.number(), piece.size()) : 0;
    copied.by_kernel = done == piece.size();
    if (int const failure = write_all(target.number(), piece.substr(done)))
      return disk_error("copying to " + quoted(to), failure);
  }
  copied.sha256 = hash.hex();
  TRY(draft.commit(target));
  return copied;
}

Result<Stamp> stamp_of(fs::path const& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return disk_error("looking at " + quoted(file), errno);
  auto const nanoseconds = [](timespec const& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; };
  return Stamp{status.st_ino, status.st_size, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

Result<double> seconds_since_written(fs::path const& file) {
  fs::path const now = file.string() + fmt::format(".{}.now", ::getpid());
  TRY(write_file_atomically(now, "now"));
  auto const here = stamp_of(now), there = stamp_of(file);
  ::unlink(now.c_str());
  auto const elapsed = (TRY(here)).mtime_ns - (TRY(there)).mtime_ns;
  return static_cast<double>(elapsed) / 1e9;
}

std::optional<std::string_view> network_file_system(std::int64_t type) {
  constexpr std::array<std::pair<std::uint32_t, std::string_view>, 13> known{{{0x6969, "nfs"},
                                                                              {0x517b, "smb"},
                                                                              {0xff534d42, "cifs"},
                                                                              {0xfe534d42, "smb2"},
                                                                              {0x65735546, "fuse"},
                                                                              {0x01021997, "9p"},
                                                                              {0x00c36400, "ceph"},
                                                                              {0x0bd00bd0, "lustre"},
                                                                              {0x47504653, "gpfs"},
                                                                              {0x5346414f, "afs"},
                                                                              {0x73757245, "coda"},
                                                                              {0x19830326, "beegfs"},
                                                                              {0x786f4256, "vboxsf"}}};
  for (auto const& [number, name] : known)
    if (number == static_cast<std::uint32_t>(type)) return name;
  return std::nullopt;
}

std::optional<std::string_view> network_file_system(fs::path const& path) {
  struct statfs status {};
  if (::statfs(path.c_str(), &status) != 0) return std::nullopt;
  return network_file_system(static_cast<std::int64_t>(status.f_type));
}

fs::path existing_part(fs::path path) {
  std::error_code ignored;
  while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
  return path;
}

Result<std::int64_t> free_space(fs::path const& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) return disk_error("asking for the free space of " + quoted(path), errno);
  return static_cast<std::int64_t>(status.f_bavail) * static_cast<std::int64_t>(status.f_frsize);
}

}  // namespace reelmill
