// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/reading.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"

namespace reelmill {

std::optional<std::string_view> LineReader::next() {
  if (at_end_) return std::nullopt;
  ++number_;
  auto const end = rest_.find('\n');
  auto const line = rest_.substr(0, end);
  at_end_ = end == std::string_view::npos;
  if (!at_end_) rest_.remove_prefix(end + 1);
  return line;
}

void ReadingNotes::add(std::string what, int line) {
  auto const known = std::find_if(notes_.begin(), notes_.end(), [&](Note const& note) { return note.what == what; });
  if (known != notes_.end())
    ++known->count;
  else
    notes_.push_back({std::move(what), line});
}

std::vector<std::string> ReadingNotes::take() && {
  std::vector<std::string> out;
  for (auto const& note : notes_)
    out.push_back(note.line == 0    ? note.what
                  : note.count == 1 ? fmt::format("line {}: {}", note.line, note.what)
                                    : fmt::format("{}, {} times, first in line {}", note.what, note.count, note.line));
  return out;
}

Error damaged_captions(std::string const& name, int line, std::string_view what) {
  return Error{ErrorKind::media, fmt::format("reading {}, line {}: {}", printable(name), line, what)};
}

Error too_many_captions(std::string const& name) {
  return Error{ErrorKind::media,
               fmt::format("reading {}: it has more than {} captions; cut it into several", printable(name), most_cues)};
}

std::string plain_language(std::string_view language) {
  std::string out;
  for (char const c : language.substr(0, 35))
    if ((c >= '0' && c <= '9') || (lower_case(c) >= 'a' && lower_case(c) <= 'z') || c == '-') out += c;
  return out;
}

}  // namespace reelmill
