// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/text.h"
#include "project/project.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

Error refused(Project const& project, std::string_view what) {
  return Error{ErrorKind::project, fmt::format("{}: {}", printable(project.file.string()), what)};
}

// The folder part of a pattern, for a message that helps.
std::string where_sought(Project const& project, std::string_view pattern) {
  auto const fixed = pattern.substr(0, pattern.find_first_of("*?{"));
  auto const slash = fixed.rfind('/');
  auto const folder = project.folder / (slash == std::string_view::npos ? "" : fixed.substr(0, slash));
  std::error_code ignored;
  return fs::is_directory(folder, ignored)
             ? fmt::format("put footage there or change 'sources'")
             : fmt::format("there is no folder '{}'", printable(folder.lexically_normal().string()));
}

Result<void> check_outputs(Project const& project, std::vector<fs::path> const& sources) {
  std::unordered_set<std::string> read;
  for (auto const& source : sources) read.insert(source.string());
  std::unordered_map<std::string, fs::path const*> written;
  for (auto const& source : sources)
    for (auto const& made : project.exports)
      for (auto const& pattern : project.deliver) {
        auto const path = TRY(fill_template(
            pattern,
            {{"platform", made.name}, {"name", source.stem().string()}, {"ext", made.container}, {"project", project.name}}));
        if (read.contains((project.folder / path).string()))
          return refused(project, fmt::format("the output '{}' would overwrite a source, change 'deliver'", path));
        if (auto const [first, is_new] = written.emplace(path, &source); !is_new)
          return refused(project,
                         fmt::format("'{}' and '{}' would both be delivered as '{}', rename one or put {{name}} and {{platform}} "
                                     "into 'deliver'",
                                     printable(first->second->filename().string()), printable(source.filename().string()), path));
      }
  return Done{};
}

}  // namespace

Result<std::vector<fs::path>> find_sources(Project const& project) {
  std::vector<fs::path> sources;
  for (auto const& pattern : project.sources) {
    auto found = expand_glob(project.folder, pattern);
    if (!found) return Error{ErrorKind::project, found.error().what}.with_note("while looking for sources");
    if (found->empty())
      return refused(project,
                     fmt::format("no file matches the sources '{}', {}", printable(pattern), where_sought(project, pattern)));
    sources.insert(sources.end(), found->begin(), found->end());
  }
  std::sort(sources.begin(), sources.end());
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  for (auto const& source : sources)
    if (!is_utf8(source.string()))
      return refused(project, fmt::format("the name of '{}' is not UTF-8, rename the file", printable(source.string())));
  TRY(check_outputs(project, sources));
  return sources;
}

}  // namespace reelmill
