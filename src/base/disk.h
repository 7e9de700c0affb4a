// SPDX-License-Identifier: GPL-3.0-or-later
// The door to the file system: whole reads, atomic writes, stamps, globs. A full disk or quota is an error of kind
// `full`; a vanished network mount is `lost`; everything else is `failed`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace reelmill {

// "doing: reason", with the kind that `error_number` (an errno) calls for.
Error disk_error(std::string_view doing, int error_number);

// A file of more than `most` bytes is an error (kind `failed`) and not read.
Result<std::string> read_file(std::filesystem::path const& file, std::int64_t most = std::numeric_limits<std::int64_t>::max());
// Hands the file over in pieces of at most 1 MiB.
Result<void> read_in_pieces(std::filesystem::path const& file, std::function<void(std::string_view)> const& take);

// Temporary file beside it → fsync → rename → fsync of the folder: a reader sees the old bytes or the new, never a part,
// also after a power cut. Missing parent folders are not made.
Result<void> write_file_atomically(std::filesystem::path const& file, std::string_view bytes);
// With its parents; on return they stay after a power cut.
Result<void> make_folders(std::filesystem::path const& folder);
// File systems that cannot sync a folder are fine.
Result<void> sync_folder(std::filesystem::path const& folder);

struct Copied {
  std::string sha256;  // of what was copied
  std::int64_t size = 0;
  bool shared = false;     // the file system shares the blocks (reflink)
  bool by_kernel = false;  // else: all of it was copied by the kernel (copy_file_range) and not through this process
};
// Copies with the same promise as write_file_atomically.
Result<Copied> copy_file_atomically(std::filesystem::path const& from, std::filesystem::path const& to);

// What says that a file is the one seen before, without reading it.
struct Stamp {
  std::uint64_t inode = 0;
  std::int64_t size = 0, mtime_ns = 0, ctime_ns = 0;
  friend bool operator==(Stamp const&, Stamp const&) = default;
};
Result<Stamp> stamp_of(std::filesystem::path const& file);

// Seconds since `file` was written, by the clock that stamps files in its folder: a server's, where the folder is on one. Writes
// and removes a file beside it.
Result<double> seconds_since_written(std::filesystem::path const& file);

// The path itself, or the nearest folder above it that exists.
std::filesystem::path existing_part(std::filesystem::path path);

Result<std::int64_t> free_space(std::filesystem::path const& path);

// What a file system of the network is called ("nfs"), FUSE among them; nothing for one of this host. By the kernel's number of
// its type, and of the one that `path` lies on.
std::optional<std::string_view> network_file_system(std::int64_t type);
std::optional<std::string_view> network_file_system(std::filesystem::path const& path);

// Whether `pattern` has anything that expand_glob would expand.
bool is_pattern(std::string_view pattern);
// The regular files that `pattern`, relative to `folder` unless absolute, names: `*` and `?` within a name, `**` for any
// number of folders (links to folders are not followed there), {a,b} for alternatives; everything else, brackets too, is
// literal. Hidden names need a dot in the pattern. An extension matches in upper and lower case. Sorted, without doubles.
Result<std::vector<std::filesystem::path>> expand_glob(std::filesystem::path const& folder, std::string_view pattern);

}  // namespace reelmill
