// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/seal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/disk.h"
#include "base/hash.h"
#include "base/text.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {
constexpr std::string_view opening = R"({"check":")", behind_hash = R"(",)";
constexpr std::size_t hash_digits = 32;
}  // namespace

Result<std::string> sealed_result(fs::path const& folder, Json result) {
  auto files = Json::object();
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    auto const name = entry->path().filename().string();
    if (name == "result.json") continue;
    auto const bytes = static_cast<std::int64_t>(entry->file_size(failed));
    files[name] = {{"bytes", bytes}, {"hash", TRY(file_hash(entry->path()))}};
  }
  if (failed) return disk_error(fmt::format("sealing '{}'", printable(folder.string())), failed.value());
  result.erase("check");
  result["files"] = std::move(files);
  auto const text = result.dump(-1, ' ', false, Json::error_handler_t::replace);
  auto const rest = std::string_view(text).substr(1);
  return fmt::format("{}{}{}{}", opening, bytes_hash(rest), behind_hash, rest);
}

bool is_sealed(std::string_view text) {
  return text.starts_with(opening) && text.substr(std::min(text.size(), opening.size() + hash_digits)).starts_with(behind_hash);
}

bool seal_holds(std::string_view text) {
  return is_sealed(text) &&
         bytes_hash(text.substr(opening.size() + hash_digits + behind_hash.size())) == text.substr(opening.size(), hash_digits);
}

Result<void> check_files(fs::path const& folder, Json const& result, Look look, std::int64_t* looked) {
  auto const damaged = [&](std::string const& name, std::string const& what) {
    return Error{ErrorKind::failed, fmt::format("checking '{}': {}", printable((folder / name).string()), what)};
  };
  auto const files = result.find("files");
  if (files == result.end() || !files->is_object()) return damaged("result.json", "it names no files");
  for (auto const& [name, said] : files->items()) {
    if (name.empty() || name.find('/') != std::string::npos || name == ".." || !said.is_object())
      return damaged("result.json", "it names what is not a file");
    auto const stamp = stamp_of(folder / name);
    if (!stamp) return damaged(name, "it is missing");
    auto const bytes = said.value("bytes", std::int64_t{-1});
    if (stamp->size != bytes) return damaged(name, fmt::format("it has {} bytes instead of {}", stamp->size, bytes));
    if (look == Look::at_sizes) continue;
    if (TRY(file_hash(folder / name)) != said.value("hash", std::string())) return damaged(name, "its content changed");
    if (looked) *looked += bytes;
  }
  return Done{};
}

}  // namespace reelmill
