// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/inputs.h"

#include <unordered_map>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/text.h"
#include "project/media_files.h"

namespace reelmill {

namespace fs = std::filesystem;

Result<std::vector<Input>> find_inputs(std::vector<std::string> const& words) {
  std::vector<Input> inputs;
  std::unordered_map<std::string, std::size_t> known;
  auto const add = [&](fs::path const& file, bool is_named) {
    auto absolute = fs::absolute(file).lexically_normal();
    auto const [at, is_new] = known.emplace(absolute.string(), inputs.size());
    if (is_new) inputs.push_back({std::move(absolute), is_named});
    if (is_named) inputs[at->second].is_named = true;
  };
  for (auto const& word : words) {
    std::error_code failed;
    if (fs::is_regular_file(word, failed)) {
      add(word, true);
      continue;
    }
    bool const is_folder = fs::is_directory(word, failed);
    if (!is_folder && (fs::exists(word, failed) || !is_pattern(word)))
      return Error{ErrorKind::media, fs::exists(word, failed)
                                         ? fmt::format("reading '{}': it is no file", printable(word))
                                         : fmt::format("reading '{}': there is no such file or folder", printable(word))};
    if (is_folder)
      if (fs::directory_iterator const open(word, failed); failed)
        return disk_error(fmt::format("looking into '{}'", printable(word)), failed.value());
    auto const found = is_folder ? media_files({word}) : TRY(expand_glob(fs::current_path(), word));
    if (found.empty() || (is_folder && found.front() == word))
      return Error{ErrorKind::media, is_folder ? fmt::format("looking into '{}': there is no footage in it", printable(word))
                                               : fmt::format("no file matches '{}'", printable(word))};
    for (auto const& file : found) add(file, false);
  }
  for (auto const& input : inputs)
    if (!is_utf8(input.file.string()))
      return Error{ErrorKind::media,
                   fmt::format("the name of '{}' is not UTF-8, rename the file", printable(input.file.string()))};
  return inputs;
}

}  // namespace reelmill
