// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/one_shot_places.h"

#include <unordered_set>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace fs = std::filesystem;

bool is_folder(std::string const& output, std::size_t inputs) {
  std::error_code ignored;
  return output.ends_with('/') || fs::is_directory(output, ignored) || !fs::path(output).has_extension() ||
         fs::path(output).filename() == ".." || (inputs > 1 && fs::path(output).filename() == ".");
}

Result<std::vector<fs::path>> sources_of(std::vector<Input> const& inputs, Project const& project) {
  std::unordered_set<std::string> made;
  for (auto const& input : inputs)
    for (auto const& target : project.exports)
      made.insert((project.folder / TRY(output_of(project, input.file, target))).lexically_normal().string());
  std::vector<fs::path> sources;
  for (auto const& input : inputs)
    if (input.is_named || !made.contains(input.file.string())) sources.push_back(input.file);
  TRY(check_outputs(project, sources));
  return sources;
}

fs::path absolute_folder(fs::path const& folder) {
  auto path = fs::absolute(folder.empty() ? "." : folder).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

Result<fs::path> output_folder(std::string const& output) {
  std::error_code ignored;
  if (fs::exists(output, ignored) && !fs::is_directory(output, ignored))
    return Error{ErrorKind::usage, fmt::format("-o {}: there is a file of that name, give a folder", printable(output))};
  return absolute_folder(output);
}

}  // namespace reelmill
