// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

#include <array>

#include <fmt/format.h>

namespace reelmill {

namespace {
struct Row {
  ErrorKind kind;
  std::string_view name;
  int exit_code;
};
constexpr std::array rows{
    Row{ErrorKind::usage, "usage", 64},          Row{ErrorKind::project, "project", 65}, Row{ErrorKind::media, "media", 66},
    Row{ErrorKind::missing, "missing", 69},      Row{ErrorKind::full, "full", 75},       Row{ErrorKind::lost, "lost", 75},
    Row{ErrorKind::failed, "failed", 70},        Row{ErrorKind::crashed, "crashed", 70}, Row{ErrorKind::rejected, "rejected", 1},
    Row{ErrorKind::cancelled, "cancelled", 130}, Row{ErrorKind::bug, "bug", 70},
};
Row const& row_of(ErrorKind kind) {
  for (auto const& row : rows)
    if (row.kind == kind) return row;
  return rows.back();
}
}  // namespace

std::string_view name_of(ErrorKind kind) { return row_of(kind).name; }

std::optional<ErrorKind> error_kind_named(std::string_view name) {
  for (auto const& row : rows)
    if (row.name == name) return row.kind;
  return std::nullopt;
}

int exit_code_of(ErrorKind kind) { return row_of(kind).exit_code; }

Error Error::with_note(std::string note) && {
  notes.push_back(std::move(note));
  return std::move(*this);
}

std::string Error::text() const {
  std::string out = what;
  for (auto const& note : notes) out += "; " + note;
  if (kind == ErrorKind::bug) out += fmt::format(" [{}:{}]", where.file_name(), where.line());
  return out;
}

}  // namespace reelmill
