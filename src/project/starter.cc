// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/starter.h"

#include <array>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/json.h"
#include "base/text.h"

namespace reelmill {

namespace fs = std::filesystem;

std::span<std::string_view const> starter_folders() {
  static constexpr std::array<std::string_view, 15> folders{
      "00_source/video/raw",       "00_source/video/edited", "00_source/audio/original",
      "00_source/audio/dubbed",    "00_source/audio/music",  "00_source/assets/images",
      "00_source/assets/graphics", "02_output/draft",        "02_output/final",
      "03_delivered/youtube",      "03_delivered/social",    "03_delivered/archive",
      "metadata/subtitles",        "metadata/scripts",       "metadata/logs"};
  return folders;
}

std::string starter_text(std::string_view name) {
  constexpr std::string_view text =
      R"(# What is wanted from the footage in 00_source/video/raw; 'reelmill run' makes it, 'reelmill plan' shows how.
reelmill: 1
name: @NAME@
sources: 00_source/video/raw/*.{mp4,mov,mkv,webm,avi,mxf,m4v,mpg,ts}

# Where an export says nothing else.
normalize: { fps: 30, sample_rate: 48 kHz }

# Leave out what the footage does not need; 'reelmill ops' lists every operation.
video:
  - stabilize: { shakiness: 5, accuracy: 15, smoothing: 30 frames }
  - grade: { brightness: 0.05, contrast: 1.1, saturation: 1.1 }
audio:
  - highpass: { frequency: 200 Hz }
  - lowpass: { frequency: 3000 Hz }
  - denoise

# 'reelmill presets' lists them; '- youtube: { crf: 20, fit: blur }' changes one,
# '- square: { preset: instagram, resolution: 1080x1080 }' makes one of your own.
exports: [youtube, instagram, tiktok, twitter, facebook]

deliver: 03_delivered/{platform}/{name}_{platform}.{ext}
)";
  std::string out(text);
  constexpr std::string_view mark = "@NAME@";
  // JSON's quotes are YAML's.
  return out.replace(out.find(mark), mark.size(), Json(printable(name)).dump());
}

namespace {
constexpr auto starter_file = "reelmill.yaml";

Result<void> fill(fs::path const& folder) {
  for (auto const part : starter_folders()) TRY(make_folders(folder / part));
  auto const absolute = fs::absolute(folder).lexically_normal();
  auto const name = absolute.has_filename() ? absolute.filename() : absolute.parent_path().filename();
  return write_file_atomically(folder / starter_file, starter_text(name.empty() ? "project" : name.string()));
}
}  // namespace

Result<fs::path> make_project(fs::path const& folder) {
  auto const shown = printable(folder.string());
  std::error_code failure;
  bool const was_there = fs::exists(folder, failure);
  if (was_there && !fs::is_directory(folder, failure))
    return Error{ErrorKind::usage, fmt::format("making a project in '{}': there is a file of that name, choose another", shown)};
  if (was_there) {
    bool const empty = fs::is_empty(folder, failure);
    if (failure) return disk_error(fmt::format("looking into '{}'", shown), failure.value());
    if (!empty)
      return Error{ErrorKind::usage,
                   fmt::format("making a project in '{}': the folder is not empty, choose another name", shown)};
  }
  if (auto const made = fill(folder); !made) {
    // It was empty or not there, so what is in it is ours.
    for (auto const part : starter_folders()) fs::remove_all(folder / *fs::path(part).begin(), failure);
    if (!was_there) fs::remove(folder, failure);
    return made.error();
  }
  return folder / starter_file;
}

}  // namespace reelmill
