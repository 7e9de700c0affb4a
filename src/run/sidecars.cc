// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/sidecars.h"

#include "base/disk.h"
#include "base/drafts.h"
#include "base/hash.h"
#include "run/made_records.h"

namespace reelmill {

namespace {
std::string record_of(Project const& project, std::string const& file) { return "sidecar " + output_id(project, file); }

std::string text_in(std::optional<Json> const& record, char const* name) {
  return record && record->is_object() && record->contains(name) && (*record)[name].is_string() ? (*record)[name].get<std::string>()
                                                                                                 : std::string();
}
}  // namespace

bool has_written(Store const& store, Project const& project, std::string const& file) {
  auto const record = store.recall(record_of(project, file));
  auto const hash = file_hash(project.folder / file);
  return record && hash && (*hash == text_in(record, "hash") || *hash == text_in(record, "before"));
}

Result<bool> write_sidecar(Store& store, Project const& project, PlannedSidecar const& sidecar) {
  auto const place = project.folder / sidecar.file;
  auto const hash = bytes_hash(sidecar.text);
  auto const there = file_hash(place);
  auto const record = record_of(project, sidecar.file);
  auto const known = text_in(store.recall(record), "hash");
  if (there && *there == hash && known == hash) return true;
  // First, because a file that nobody remembers to have written is taken for a person's.
  TRY(store.remember(record, {{"hash", hash}, {"before", there ? *there : std::string()}}));
  if (there && *there == hash) return true;
  TRY(make_folders(place.parent_path()));
  sweep_drafts(place.parent_path());
  TRY(write_file_atomically(place, sidecar.text));
  return false;
}

}  // namespace reelmill
