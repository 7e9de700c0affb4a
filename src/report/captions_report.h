// SPDX-License-Identifier: GPL-3.0-or-later
// Checked caption files, for people and as JSON (docs/schemas/captions.json).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "captions/caption_file.h"
#include "captions/check.h"
#include "report/terminal.h"

namespace reelmill {

struct CaptionRules {
  CaptionProfile profile;
  Rational rate{25};
  std::int64_t length = 0;  // of the film, in milliseconds; 0: not known
};

struct CheckedCaptions {
  std::string file;
  std::optional<Error> error;  // it cannot be read
  ReadCaptions read;
  std::vector<CaptionFinding> findings;

  bool is_valid() const { return !error && findings.empty(); }
};

Json json_of(std::vector<CheckedCaptions> const& files, CaptionRules const& rules);

// A line for each file, what was found below it, and "3/4 keep to netflix" at the end.
std::string captions_table(std::vector<CheckedCaptions> const& files, CaptionRules const& rules, Style const& style);

}  // namespace reelmill
