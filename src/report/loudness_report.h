// SPDX-License-Identifier: GPL-3.0-or-later
// What `reelmill loudness` found and made, as a table for people and as JSON (docs/schemas/loudness.json).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "graph/loudness.h"
#include "report/terminal.h"

namespace reelmill {

struct LoudnessReport {
  struct File {
    std::filesystem::path path, output{};  // empty: none was made
    LoudnessFigures before{};
    std::optional<LoudnessFigures> after{};
    std::optional<double> gain{};  // dB
    std::string mode{};            // of LoudnessResult; empty: only measured
    std::vector<std::string> notes{};
    std::string error{};  // empty: none
  };
  std::vector<File> files;
  std::optional<LoudnessFigures> album{};  // of all together, before; no range
};

Json json_of(LoudnessReport const& report);
std::string loudness_table(LoudnessReport const& report, Style const& style);

}  // namespace reelmill
