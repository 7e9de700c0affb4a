// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/text.h"
#include "project/project.h"
#include "project/subtitles.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

Error refused(Project const& project, std::string_view what) {
  if (project.file.empty()) return Error{ErrorKind::usage, std::string(what)};
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

// One text for one file, however the folders on the way to it are linked.
class Places {
 public:
  std::string of(fs::path const& file) {
    auto const folder = file.parent_path();
    auto const [known, is_new] = folders_.try_emplace(folder.string());
    if (is_new) {
      std::error_code failed;
      known->second = fs::weakly_canonical(folder, failed);
      if (failed) known->second = folder;
    }
    return (known->second / file.filename()).string();
  }

 private:
  std::unordered_map<std::string, fs::path> folders_;
};

}  // namespace

Result<void> check_outputs(Project const& project, std::vector<fs::path> const& sources) {
  Places places;
  std::unordered_map<std::string, std::string> read;  // and what reads it
  for (auto const* const steps : {&project.video, &project.audio})
    for (auto const& step : *steps)
      for (auto const& file : step.files())
        read[places.of(project.folder / file)] = fmt::format("the file of '{}'", step.operation->name);
  for (auto const& source : sources) read[places.of(source)] = "a source";
  struct Maker {
    fs::path const* source;
    Export const* target;
  };
  std::unordered_map<std::string, Maker> written;
  bool const has_file = !project.file.empty();
  for (auto const& source : sources)
    for (auto const& made : project.exports) {
      std::vector<std::string> paths { TRY(output_of(project, source, made)) };
      if (project.subtitles && &made == &project.exports.front())
        for (auto const& sidecar : TRY(sidecars_of(project, source))) paths.push_back(sidecar.file);
      for (auto const& pattern : project.deliver)
        paths.push_back(TRY(fill_template(pattern, template_parts(project, source, made))));
      for (auto const& path : paths) {
        auto const place = places.of(project.folder / path);
        if (auto const reader = read.find(place); reader != read.end())
          return refused(project, fmt::format("the output '{}' would overwrite {}, {}", printable(path), reader->second,
                                              has_file ? "change 'deliver'" : "give another name or folder with -o"));
        auto const [first, is_new] = written.emplace(place, Maker{&source, &made});
        if (is_new || (first->second.source == &source && first->second.target == &made)) continue;
        if (!has_file)
          return refused(project,
                         fmt::format("'{}' and '{}' would both become '{}', make them into two folders or rename one",
                                     printable(first->second.source->string()), printable(source.string()), printable(path)));
        return refused(project,
                       fmt::format("'{}' and '{}' would both be delivered as '{}', rename one or put {{name}} and {{platform}} "
                                   "into 'deliver'",
                                   printable(first->second.source->filename().string()), printable(source.filename().string()),
                                   printable(path)));
      }
    }
  return Done{};
}

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
