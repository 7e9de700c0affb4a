// SPDX-License-Identifier: GPL-3.0-or-later
// Projects made on the fly, of a command line instead of a file. They are validated by the same tables and run by the same
// engine; their folder is the one their films go to, and nothing else is written there.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "project/project.h"

namespace reelmill {

struct OneShot {
  Project project;
  std::vector<std::filesystem::path> sources;
};

struct OneShotWishes {
  std::vector<std::string> inputs;    // as find_inputs reads them
  std::string output;                 // a folder for files named after the films; of `clean`, a file may be given for one film
  std::vector<std::string> settings;  // "grade.brightness=0.1", "youtube.crf=20"
  bool overwrite = false;             // files that reelmill did not make
};

struct CleanWishes : OneShotWishes {
  std::map<std::string, bool> switched;  // operation → whether it is wanted; the others: as in a new project
};
// The clean-up that a new project begins with, in the source's size and rate, as `{name}_clean.mp4`.
Result<OneShot> clean_up(CleanWishes const& wishes);
// Whether a new project has the operation.
bool is_in_clean_up(std::string_view operation);

struct ExportWishes : OneShotWishes {
  std::vector<std::string> presets;  // of shipped exports
};
// `{name}_{preset}.mp4` of each film and preset.
Result<OneShot> export_for(ExportWishes const& wishes);

}  // namespace reelmill
