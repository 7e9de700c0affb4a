// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/disk.h"
#include "base/text.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_alternatives = 1024;
constexpr std::ptrdiff_t most_braces = 64;

// The end of the group that begins at `open`, and the commas of its own level; npos when it is no group.
std::size_t group_end(std::string_view pattern, std::size_t open, std::vector<std::size_t>& commas) {
  int depth = 0;
  for (std::size_t i = open; i < pattern.size(); ++i) {
    if (pattern[i] == '{') ++depth;
    if (pattern[i] == ',' && depth == 1) commas.push_back(i);
    if (pattern[i] == '}' && --depth == 0) return commas.empty() ? std::string_view::npos : i;
  }
  return std::string_view::npos;
}

bool expand_braces(std::string const& pattern, std::size_t from, std::vector<std::string>& out) {
  if (std::count(pattern.begin(), pattern.end(), '{') > most_braces) return false;
  for (auto open = pattern.find('{', from); open != std::string::npos; open = pattern.find('{', open + 1)) {
    std::vector<std::size_t> commas;
    auto const close = group_end(pattern, open, commas);
    if (close == std::string::npos) continue;
    commas.push_back(close);
    for (auto begin = open + 1; auto const comma : commas) {
      auto const next = pattern.substr(0, open) + pattern.substr(begin, comma - begin) + pattern.substr(close + 1);
      if (!expand_braces(next, open, out)) return false;
      begin = comma + 1;
    }
    return true;
  }
  out.push_back(pattern);
  return out.size() <= most_alternatives;
}

// The usual two-pointer match: linear in practice, never exponential.
bool matches(std::string_view pattern, std::string_view name, bool either_case) {
  constexpr auto none = std::string_view::npos;
  std::size_t p = 0, n = 0, star = none, mark = 0;
  while (n < name.size()) {
    bool const equal =
        p < pattern.size() && pattern[p] != '*' &&
        (pattern[p] == '?' || pattern[p] == name[n] || (either_case && lower_case(pattern[p]) == lower_case(name[n])));
    if (equal) {
      ++p, ++n;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
    } else if (star != none) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool name_matches(std::string_view pattern, std::string_view name) {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  auto const pattern_dot = pattern.rfind('.'), name_dot = name.rfind('.');
  if (pattern_dot == std::string_view::npos || name_dot == std::string_view::npos) return matches(pattern, name, false);
  if (matches(pattern, name, false)) return true;
  return matches(pattern.substr(0, pattern_dot), name.substr(0, name_dot), false) &&
         matches(pattern.substr(pattern_dot), name.substr(name_dot), true);
}

class Walk {
 public:
  Walk(std::vector<std::string_view> parts, std::vector<fs::path>& found) : parts_(std::move(parts)), found_(found) {}

  Result<void> from(fs::path const& folder, std::size_t part) {
    bool const last = part + 1 == parts_.size();
    if (parts_[part] == "**") return across(folder, last ? part : part + 1, last);
    if (parts_[part] == "." || parts_[part] == "..") return last ? Result<void>() : from(folder / parts_[part], part + 1);
    return each_entry(folder, [&](fs::directory_entry const& entry) -> Result<void> {
      if (!name_matches(parts_[part], entry.path().filename().string())) return Done{};
      std::error_code ignored;
      if (last && entry.is_regular_file(ignored)) found_.push_back(entry.path());
      if (!last && entry.is_directory(ignored)) TRY(from(entry.path(), part + 1));
      return Done{};
    });
  }

 private:
  // What `**` stands for: this folder and every folder below it.
  Result<void> across(fs::path const& folder, std::size_t part, bool everything) {
    if (!everything) TRY(from(folder, part));
    return each_entry(folder, [&](fs::directory_entry const& entry) -> Result<void> {
      if (entry.path().filename().string().starts_with('.')) return Done{};
      std::error_code ignored;
      if (entry.is_directory(ignored) && !entry.is_symlink(ignored)) TRY(across(entry.path(), part, everything));
      if (everything && entry.is_regular_file(ignored)) found_.push_back(entry.path());
      return Done{};
    });
  }

  template <class Take>
  Result<void> each_entry(fs::path const& folder, Take const& take) {
    std::error_code failure;
    fs::directory_iterator entry(folder, failure);
    if (failure == std::errc::no_such_file_or_directory || failure == std::errc::not_a_directory) return Done{};
    while (!failure && entry != fs::directory_iterator()) {
      TRY(take(*entry));
      entry.increment(failure);
    }
    if (failure) return disk_error(fmt::format("listing folder '{}'", printable(folder.string())), failure.value());
    return Done{};
  }

  std::vector<std::string_view> parts_;
  std::vector<fs::path>& found_;
};

}  // namespace

bool is_pattern(std::string_view pattern) {
  if (pattern.find_first_of("*?") != std::string_view::npos) return true;
  std::vector<std::string> alternatives;
  return !expand_braces(std::string(pattern), 0, alternatives) || alternatives.size() > 1;
}

Result<std::vector<fs::path>> expand_glob(fs::path const& folder, std::string_view pattern) {
  std::vector<std::string> alternatives;
  if (!expand_braces(std::string(pattern), 0, alternatives))
    return Error{ErrorKind::usage, fmt::format("expanding '{}…': more than {} alternatives in braces, use '*'",
                                               printable(pattern.substr(0, 80)), most_alternatives)};
  std::vector<fs::path> found;
  for (auto const& alternative : alternatives) {
    std::error_code ignored;
    if (fs::path const literal = folder / alternative; alternative.find_first_of("*?") == std::string::npos) {
      if (fs::is_regular_file(literal, ignored)) {
        found.push_back(literal.lexically_normal());
        continue;
      }
    }
    auto parts = split(alternative, '/');
    std::erase(parts, "");
    // Two "**" in a row say no more than one, and take the square of the time.
    parts.erase(std::unique(parts.begin(), parts.end(), [](auto a, auto b) { return a == "**" && b == "**"; }), parts.end());
    if (parts.empty()) continue;
    std::size_t const before = found.size();
    TRY(Walk(std::move(parts), found).from(alternative.starts_with('/') ? fs::path("/") : folder, 0));
    for (auto i = before; i < found.size(); ++i) found[i] = found[i].lexically_normal();
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace reelmill
