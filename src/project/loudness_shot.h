// SPDX-License-Identifier: GPL-3.0-or-later
// What `reelmill loudness` works through: projects on the fly that measure, and such that bring files to a loudness. The picture
// is copied; sample rate and channels (mono, stereo, 5.1) stay; subtitles and other tracks are left out.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/loudness.h"
#include "project/one_shot.h"

namespace reelmill {

struct LoudnessWishes {
  std::vector<std::string> inputs;                // as find_inputs reads them
  std::string output;                             // a folder, or for one input a file; empty: measure only
  std::map<std::string, std::string> parameters;  // of the operation
  bool overwrite = false;                         // files that reelmill did not make
};

// One file of the batch, and what is known of it.
struct LoudnessJob {
  std::filesystem::path source;
  std::filesystem::path output{};  // empty: none is made
};

// Every input and where it goes: as its kind of file where that can be made, under its name.
Result<std::vector<LoudnessJob>> loudness_jobs(LoudnessWishes const& wishes);

// The loudness that the parameters ask for.
Result<Loudness> loudness_asked(LoudnessWishes const& wishes);

// Measures all and makes nothing.
OneShot measurement_of(std::vector<LoudnessJob> const& jobs);

// Those that make the files: one for each kind of file among `jobs`, since each has a container and a codec.
Result<std::vector<OneShot>> loudness_for(LoudnessWishes const& wishes, std::vector<LoudnessJob> const& jobs);

}  // namespace reelmill
