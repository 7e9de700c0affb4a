// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/media_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "base/disk.h"
#include "graph/media_kind.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

// Only names that say nothing are opened to see; a folder may be full of pictures and texts.
bool begins_like_media(fs::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  std::array<char, bytes_to_recognise> head{};
  stream.read(head.data(), head.size());
  return recognise({head.data(), static_cast<std::size_t>(stream.gcount())}).kind == MediaKind::media;
}

void gather(fs::path const& folder, std::vector<fs::path>& found) {
  std::error_code failed;
  for (fs::directory_iterator entry(folder, fs::directory_options::skip_permission_denied, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    auto const& path = entry->path();
    if (path.filename().string().starts_with('.')) continue;
    std::error_code unknown;
    if (entry->is_directory(unknown) && !entry->is_symlink(unknown)) gather(path, found);
    if (!entry->is_regular_file(unknown)) continue;
    if (is_media_extension(path.extension().string()) || (path.extension().empty() && begins_like_media(path)))
      found.push_back(path);
  }
}

}  // namespace

std::vector<fs::path> media_files(std::vector<std::string> const& paths) {
  std::vector<fs::path> found;
  for (auto const& given : paths) {
    std::error_code unknown;
    if (fs::is_directory(given, unknown)) {
      auto const before = found.size();
      gather(given, found);
      if (found.size() == before) found.emplace_back(given);
    } else if (!fs::exists(given, unknown) && is_pattern(given)) {
      auto const matches = expand_glob(".", given);
      if (matches && !matches->empty())
        for (auto const& match : *matches) found.push_back(match.lexically_normal());
      else
        found.emplace_back(given);
    } else {
      found.emplace_back(given);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<Fault> judge_unread(fs::path const& file) {
  auto const error = [](std::string code, std::string message) {
    return std::vector<Fault>{{std::move(code), Severity::error, std::move(message)}};
  };
  int const number = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (number < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return error("not_found", "there is no such file; check the name");
    return error("unreadable", fmt::format("it cannot be read: {}", std::system_category().message(errno)));
  }
  struct stat about {};
  std::array<char, bytes_to_recognise> head{};
  bool const is_known = fstat(number, &about) == 0;
  auto const got = is_known && S_ISREG(about.st_mode) ? pread(number, head.data(), head.size(), 0) : 0;
  auto const why = errno;
  close(number);
  if (S_ISDIR(about.st_mode)) return error("no_media", "the folder holds no media");
  if (!is_known || !S_ISREG(about.st_mode)) return error("not_a_file", "it is not a regular file");
  if (got < 0) return error("unreadable", fmt::format("it cannot be read: {}", std::system_category().message(why)));
  return judge_head({head.data(), static_cast<std::size_t>(got)});
}

}  // namespace reelmill
