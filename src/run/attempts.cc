// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/attempts.h"

#include <fstream>

#include "base/json.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

bool may_adopt(fs::path const& folder) {
  auto const text = read_file(folder / "attempt.json");
  auto const json = text ? Json::parse(*text, nullptr, false) : Json();
  if (!json.is_object() || !json.contains("source") || !json.contains("stamp")) return false;
  auto const& stamp = json["stamp"];
  if (!json["source"].is_string() || !stamp.is_array() || stamp.size() != 4) return false;
  for (auto const& number : stamp)
    if (!number.is_number_integer()) return false;
  return is_as_planned(json["source"], Stamp{stamp[0], stamp[1], stamp[2], stamp[3]});
}

}  // namespace

void note_attempt(fs::path const& folder, std::int64_t fence, std::string const& source, std::optional<Stamp> const& stamp) {
  auto const seen = stamp.value_or(Stamp());
  Json const json{{"fence", fence}, {"source", source}, {"stamp", {seen.inode, seen.size, seen.mtime_ns, seen.ctime_ns}}};
  std::ofstream(folder / "attempt.json") << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

bool is_as_planned(std::string const& source, std::optional<Stamp> const& stamp) {
  if (source.empty()) return true;
  auto const now = stamp_of(source);
  return now.has_value() == stamp.has_value() && (!now || *now == *stamp);
}

Adopted adopt_complete(Store& store, fs::path const& attempt, std::vector<std::string> const& keys) {
  Adopted adopted;
  std::error_code failed;
  for (auto const& key : keys) {
    if (!fs::exists(attempt / key / "result.json", failed)) continue;
    if (auto const taken = store.commit(attempt, key))
      adopted.keys.push_back(key);
    else if (!adopted.error)
      adopted.error = taken.error();
  }
  return adopted;
}

void adopt_leftovers(Store& store, Workspace const& workspace) {
  std::error_code failed;
  for (fs::directory_iterator attempt(workspace.attempts(), failed), end; !failed && attempt != end; attempt.increment(failed)) {
    std::vector<std::string> names;
    std::error_code unreadable;
    if (may_adopt(attempt->path()))
      for (fs::directory_iterator unit(attempt->path(), unreadable); !unreadable && unit != end; unit.increment(unreadable))
        if (unit->path().extension() != ".part") names.push_back(unit->path().filename());
    adopt_complete(store, attempt->path(), names);
    drop_attempt(attempt->path());
  }
}

void drop_attempt(fs::path const& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

}  // namespace reelmill
