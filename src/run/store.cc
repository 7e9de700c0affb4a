// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>

#include "base/disk.h"
#include "base/drafts.h"
#include "base/hash.h"
#include "base/text.h"
#include "graph/seal.h"
#include "run/quarantine.h"

namespace reelmill {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t large_result = 64 << 10;

bool is_key(std::string_view key) {
  return key.size() >= 2 && key.size() <= 128 && std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
         });
}

// A unit that is used again within the hour is not marked again.
constexpr auto use_is_fresh = std::chrono::hours(1);

void mark_used(fs::path const& file) {
  std::error_code ignored;
  auto const now = fs::file_time_type::clock::now();
  if (now - fs::last_write_time(file, ignored) > use_is_fresh) fs::last_write_time(file, now, ignored);
}

// The worker's seal, or ours where it made none.
Result<void> check_unit(fs::path const& folder) {
  std::error_code failed;
  if (!fs::is_directory(fs::symlink_status(folder, failed)))
    return Error{ErrorKind::failed, fmt::format("adopting '{}': the worker announced it but did not make it", folder.string())};
  for (fs::directory_iterator entry(folder, failed), end; entry != end; entry.increment(failed)) {
    if (!fs::is_regular_file(entry->symlink_status(failed)))
      return Error{ErrorKind::failed, fmt::format("adopting '{}': it is not a regular file", entry->path().string())};
  }
  if (failed) return disk_error(fmt::format("adopting '{}'", folder.string()), failed.value());
  auto const text = TRY(read_file(folder / "result.json"));
  auto const json = Json::parse(text, nullptr, false);
  auto const file = (folder / "result.json").string();
  if (!json.is_object()) return Error{ErrorKind::failed, fmt::format("adopting '{}': not a JSON object", file)};
  if (!is_sealed(text)) return write_file_atomically(folder / "result.json", TRY(sealed_result(folder, json)));
  if (!seal_holds(text)) return Error{ErrorKind::failed, fmt::format("adopting '{}': it is not what was sealed", file)};
  return check_files(folder, json, Look::at_sizes);
}

// 0 or an errno.
int rename_to(fs::path const& from, fs::path const& to) { return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno; }

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

Store::Store(Workspace const& workspace) : cache_(workspace.cache()), memory_(workspace.memory()), use_(workspace.cache()) {}

fs::path Store::folder_of(std::string const& key) const { return cache_ / key.substr(0, 2) / key; }

fs::path Store::file(std::string const& key, std::string_view name) const { return folder_of(key) / name; }

std::optional<std::string> Store::read_result(std::string const& key) {
  if (!is_key(key)) return std::nullopt;
  use_.pin(key);
  // Most units that are asked for are not here: a path and an error for each would cost more than the answer.
  if (auto const place = cache_.native() + '/' + key.substr(0, 2) + '/' + key + "/result.json"; access(place.c_str(), F_OK) != 0)
    return std::nullopt;
  auto const file = folder_of(key) / "result.json";
  auto text = read_file(file);
  if (!text) return std::nullopt;
  if (!seal_holds(*text)) {
    set_aside(key, fmt::format("checking '{}': it is not what was sealed", file.string()));
    return std::nullopt;
  }
  mark_used(file);
  return std::move(*text);
}

Result<Json> Store::result(std::string const& key) {
  if (auto known = results_.find(key); known != results_.end()) return known->second;
  if (!is_key(key)) return Error{ErrorKind::bug, fmt::format("looking up a result: '{}' is not a key", key)};
  auto const text = read_result(key);
  if (!text) return Error{ErrorKind::failed, fmt::format("reading the result '{}': it is not in the cache; run again", key)};
  auto json = Json::parse(*text, nullptr, false);
  if (text->size() <= large_result)
    results_.emplace(key, json);
  else
    large_.insert(key);
  return json;
}

bool Store::has(std::string const& key) {
  if (results_.contains(key) || large_.contains(key)) return true;
  auto const text = read_result(key);
  if (!text) return false;
  if (text->size() <= large_result)
    results_.emplace(key, Json::parse(*text, nullptr, false));
  else
    large_.insert(key);
  return true;
}

std::vector<std::string> Store::missing(std::vector<std::string> const& keys) {
  std::vector<std::string> absent;
  for (auto const& key : keys)
    if (!has(key)) absent.push_back(key);
  return absent;
}

bool Store::intact(std::string const& key) {
  if (intact_.contains(key)) return true;
  if (!has(key)) return false;
  if (auto const checked = check_unit_contents(folder_of(key)); !checked) {
    set_aside(key, checked.error().what);
    return false;
  }
  intact_.insert(key);
  return true;
}

void Store::set_aside(std::string const& key, std::string_view why) {
  results_.erase(key);
  large_.erase(key);
  auto const to = quarantine(cache_, key);
  if (warn_)
    warn_(fmt::format("{}; it is made again{}", printable(why),
                      to.empty() ? "" : fmt::format(", what was there lies in '{}'", printable(to.string()))));
}

Result<void> Store::commit(fs::path const& attempt_dir, std::string const& key) {
  if (!is_key(key)) return Error{ErrorKind::failed, fmt::format("adopting a unit: '{}' is not a key", key)};
  if (has(key)) return Done{};
  auto made = attempt_dir / key;
  TRY(check_unit(made));
  auto const target = folder_of(key), parent = target.parent_path();
  TRY(make_folders(parent));
  std::error_code failed;

  int number = rename_to(made, target);
  if (number == EXDEV) {
    made = TRY(copy_unit(made, target));
    number = rename_to(made, target);
  }
  if (number == ENOTEMPTY || number == EEXIST || number == ENOTDIR) {
    if (has(key)) {
      fs::remove_all(made, failed);
      return Done{};
    }
    set_aside(key, fmt::format("checking '{}': there is no result.json that can be read", target.string()));
    number = rename_to(made, target);
  }
  if (number != 0) return disk_error(fmt::format("moving '{}' to '{}'", made.string(), target.string()), number);
  if (auto synced = sync_folder(parent); !synced) {
    // What a failed sync leaves may be gone at any time, and no second sync can tell.
    fs::remove_all(target, failed);
    return synced;
  }
  TRY(result(key));
  intact_.insert(key);
  return Done{};
}

fs::path Store::record_of(std::string_view name) const {
  auto hash = Hasher().add(name).hex();
  return memory_ / hash.substr(0, 2) / (hash + ".json");
}

Result<void> Store::remember(std::string_view name, Json const& value) {
  auto file = record_of(name);
  TRY(make_folders(file.parent_path()));
  if (swept_.insert(file.parent_path()).second) sweep_drafts(file.parent_path());
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
