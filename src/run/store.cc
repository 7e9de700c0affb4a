// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/disk.h"
#include "base/hash.h"

namespace reelmill {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t large_result = 64 << 10;

bool is_key(std::string_view key) {
  return key.size() >= 2 && key.size() <= 128 && std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
         });
}

Result<Json> read_result(fs::path const& folder, std::size_t* size = nullptr) {
  auto text = TRY(read_file(folder / "result.json"));
  if (size) *size = text.size();
  auto json = Json::parse(text, nullptr, false);
  if (!json.is_object())
    return Error{ErrorKind::failed, fmt::format("reading '{}': not a JSON object", (folder / "result.json").string())};
  return json;
}

Result<void> check_unit(fs::path const& folder) {
  std::error_code failed;
  if (!fs::is_directory(fs::symlink_status(folder, failed)))
    return Error{ErrorKind::failed, fmt::format("adopting '{}': the worker announced it but did not make it", folder.string())};
  for (fs::directory_iterator entry(folder, failed), end; entry != end; entry.increment(failed)) {
    if (!fs::is_regular_file(entry->symlink_status(failed)))
      return Error{ErrorKind::failed, fmt::format("adopting '{}': it is not a regular file", entry->path().string())};
  }
  if (failed) return disk_error(fmt::format("adopting '{}'", folder.string()), failed.value());
  TRY(read_result(folder));
  return Done{};
}

// For a cache on another file system than the project, where a rename cannot reach.
Result<fs::path> copy_unit(fs::path const& from, fs::path const& target) {
  auto copy = target;
  copy += fmt::format(".{}.part", getpid());
  std::error_code failed;
  fs::remove_all(copy, failed);
  TRY(make_folders(copy));
  for (fs::directory_iterator entry(from, failed), end; entry != end; entry.increment(failed))
    TRY(copy_file_atomically(entry->path(), copy / entry->path().filename()));
  if (failed) return disk_error(fmt::format("copying '{}' into the cache", from.string()), failed.value());
  TRY(sync_folder(copy));
  return copy;
}

}  // namespace

Store::Store(Workspace const& workspace) : cache_(workspace.cache()), memory_(workspace.memory()) {}

fs::path Store::folder_of(std::string const& key) const { return cache_ / key.substr(0, 2) / key; }

fs::path Store::file(std::string const& key, std::string_view name) const { return folder_of(key) / name; }

Result<Json> Store::result(std::string const& key) {
  if (auto known = results_.find(key); known != results_.end()) return known->second;
  if (!is_key(key)) return Error{ErrorKind::bug, fmt::format("looking up a result: '{}' is not a key", key)};
  std::size_t size = 0;
  auto json = TRY(read_result(folder_of(key), &size));
  if (size <= large_result)
    results_.emplace(key, json);
  else
    large_.insert(key);
  return json;
}

bool Store::has(std::string const& key) { return results_.contains(key) || large_.contains(key) || result(key).has_value(); }

std::vector<std::string> Store::missing(std::vector<std::string> const& keys) {
  std::vector<std::string> absent;
  for (auto const& key : keys)
    if (!has(key)) absent.push_back(key);
  return absent;
}

Result<void> Store::commit(fs::path const& attempt_dir, std::string const& key) {
  if (!is_key(key)) return Error{ErrorKind::failed, fmt::format("adopting a unit: '{}' is not a key", key)};
  if (has(key)) return Done{};
  auto made = attempt_dir / key;
  TRY(check_unit(made));
  auto target = folder_of(key);
  TRY(make_folders(target.parent_path()));

  int number = std::rename(made.c_str(), target.c_str()) == 0 ? 0 : errno;
  if (number == EXDEV) {
    made = TRY(copy_unit(made, target));
    number = std::rename(made.c_str(), target.c_str()) == 0 ? 0 : errno;
  }
  if (number == ENOTEMPTY || number == EEXIST || number == ENOTDIR) {
    std::error_code failed;
    if (has(key)) {
      fs::remove_all(made, failed);
      return Done{};
    }
    fs::remove_all(target, failed);
    number = std::rename(made.c_str(), target.c_str()) == 0 ? 0 : errno;
  }
  if (number != 0) return disk_error(fmt::format("moving '{}' to '{}'", made.string(), target.string()), number);
  TRY(sync_folder(target.parent_path()));
  TRY(result(key));
  return Done{};
}

fs::path Store::record_of(std::string_view name) const {
  auto hash = Hasher().add(name).hex();
  return memory_ / hash.substr(0, 2) / (hash + ".json");
}

Result<void> Store::remember(std::string_view name, Json const& value) {
  auto file = record_of(name);
  TRY(make_folders(file.parent_path()));
  Json record{{"name", name}, {"value", value}};
  return write_file_atomically(file, record.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::optional<Json> Store::recall(std::string_view name) const {
  auto text = read_file(record_of(name));
  if (!text) return std::nullopt;
  auto record = Json::parse(*text, nullptr, false);
  if (!record.is_object() || !record.contains("value") || record.value("name", "") != name) return std::nullopt;
  return record["value"];
}

}  // namespace reelmill
