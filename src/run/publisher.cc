// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/publisher.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>

#include "base/disk.h"
#include "base/drafts.h"
#include "base/text.h"

namespace reelmill {

namespace {
Json json_of(Stamp const& stamp) {
  return {{"inode", stamp.inode}, {"size", stamp.size}, {"mtime_ns", stamp.mtime_ns}, {"ctime_ns", stamp.ctime_ns}};
}

Error damaged(std::string const& output) {
  return {
      .kind = ErrorKind::failed,
      .what = fmt::format(
          "publishing {}: the cached film is damaged; `reelmill cache verify` removes what is damaged; then run again", output)};
}

struct Film {
  std::string file, sha256;
  std::int64_t bytes = 0;
  double duration = 0;
  std::int64_t frames = 0;
};

std::optional<Film> read_film(Json const& result) {
  try {
    return Film{result.at("file"), result.at("sha256"), result.at("bytes"), result.at("duration"), result.at("frames")};
  } catch (std::exception const&) {
    return std::nullopt;
  }
}
}  // namespace

// A sound's result may have left the cache before the film did.
std::optional<LoudnessResult> Publisher::loudness_of(PlannedOutput const& output) const {
  if (output.sound.empty() || !store_.has(output.sound)) return std::nullopt;
  auto const result = store_.result(output.sound);
  try {
    if (result && result->contains("loudness")) return result->at("loudness").get<LoudnessResult>();
  } catch (std::exception const&) {
  }
  return std::nullopt;
}

Result<void> Publisher::check(std::string const& output) const {
  if (project_.may_replace) return {};
  auto const target = project_.folder / output;
  std::error_code failed;
  auto const status = std::filesystem::symlink_status(target, failed);
  if (status.type() == std::filesystem::file_type::not_found) return {};
  if (status.type() == std::filesystem::file_type::regular) {
    auto const remembered = store_.recall(record_of(output));
    auto const stamp = stamp_of(target);
    if (stamp && remembered && remembered->value("stamp", Json()) == json_of(*stamp)) return {};
  }
  return Error{.kind = ErrorKind::usage,
               .what = fmt::format("writing '{}': there is something of that name that reelmill did not make or that was changed "
                                   "since; give another name or folder with -o, or --overwrite",
                                   printable(target.string()))};
}

Result<bool> Publisher::place(std::string const& key, std::filesystem::path const& from, std::string const& sha256,
                              std::string const& to) {
  auto const target = project_.folder / to;
  auto const record = record_of(to);
  auto const remembered = store_.recall(record);
  if (auto const stamp = stamp_of(target); stamp && remembered) {
    if (remembered->value("sha256", std::string()) == sha256 && remembered->value("stamp", Json()) == json_of(*stamp))
      return true;
  }
  TRY(check(to));
  if (!store_.intact(key)) return damaged(to);
  TRY(make_folders(target.parent_path()));
  if (swept_.insert(target.parent_path()).second) sweep_drafts(target.parent_path());
  auto const copied = TRY(copy_file_atomically(from, target));
  if (copied.sha256 != sha256) return damaged(to);
  TRY(store_.remember(record, {{"sha256", sha256}, {"stamp", json_of(TRY(stamp_of(target)))}}));
  return false;
}

Result<Published> Publisher::publish(SourcePlan const& plan, PlannedOutput const& output) {
  auto const film = read_film(TRY(store_.result(output.key)));
  if (!film) return damaged(output.file);
  auto const& [name, sha256, bytes, duration, frames] = *film;
  auto const file = store_.file(output.key, name);
  Published published{bytes, sha256};
  published.loudness = loudness_of(output);
  published.was_there = TRY(place(output.key, file, sha256, output.file));
  events_.emit(OutputWritten{output.file, bytes, duration, frames, output.target->name, published.loudness});
  for (auto const& pattern : project_.deliver) {
    auto const to = TRY(fill_template(pattern, template_parts(project_, plan.source, *output.target)));
    bool const was_there = TRY(place(output.key, file, sha256, to));
    published.was_there &= was_there;
    if (!was_there) events_.emit(Delivered{to, output.file, bytes});
    delivered_.push_back(
        {{"path", to}, {"from", output.file}, {"export", output.target->name}, {"bytes", bytes}, {"sha256", sha256}});
  }
  return published;
}

Result<bool> Publisher::tell_loudness(SourcePlan const& plan) {
  if (plan.measurement.empty()) return true;
  if (!store_.has(plan.measurement)) return false;
  auto const result = TRY(store_.result(plan.measurement));
  try {
    events_.emit(SoundMeasured{plan.source.string(), result.at("measured").get<Measurement>()});
  } catch (std::exception const&) {
    return damaged(plan.source.filename().string());
  }
  return true;
}

bool Publisher::is_still_there(Json const& entry) const {
  if (!entry.is_object()) return false;
  auto const path = entry.value("path", Json()), bytes = entry.value("bytes", Json());
  if (!path.is_string() || !bytes.is_number_integer()) return false;
  auto const stamp = stamp_of(project_.folder / path.get<std::string>());
  return stamp && stamp->size == bytes.get<std::int64_t>();
}

Result<void> Publisher::write_manifest() {
  if (delivered_.empty()) return {};
  auto const folder = project_.folder / "03_delivered";
  auto const before = read_file(folder / "manifest.json");
  auto const old = Json::parse(before ? *before : "", nullptr, false);
  if (old.is_object() && old.contains("files") && old["files"].is_array())
    for (auto const& entry : old["files"])
      if (is_still_there(entry)) delivered_.push_back(entry);
  // Sources end in any order; the manifest is the same for all of them.
  std::stable_sort(delivered_.begin(), delivered_.end(),
                   [](Json const& a, Json const& b) { return a.at("path") < b.at("path"); });
  // What was delivered now stands before what an earlier run said of it.
  delivered_.erase(std::unique(delivered_.begin(), delivered_.end(),
                               [](Json const& a, Json const& b) { return a.at("path") == b.at("path"); }),
                   delivered_.end());
  auto const text = Json{{"manifest", 1}, {"project", project_.name}, {"files", delivered_}}.dump(
                        2, ' ', false, Json::error_handler_t::replace) +
                    "\n";
  if (before && *before == text) return {};
  TRY(make_folders(folder));
  sweep_drafts(folder);
  return write_file_atomically(folder / "manifest.json", text);
}

}  // namespace reelmill
