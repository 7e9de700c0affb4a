// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a source already is what an export would make of it, so that its picture can be copied.
#pragma once

#include <optional>
#include <string>

#include "graph/media.h"
#include "graph/stage.h"
#include "plan/copies.h"
#include "plan/lower.h"
#include "project/project.h"

namespace reelmill {

struct Shortfall {
  std::string what;  // "its colours are not told"
  bool is_slight;    // codec, size and rate are those asked for
};

// The first thing by which the picture falls short of an export that would be encoded as `encode` says; nothing: it meets it. The
// steps are not looked at, but those that change the picture make every source fall short.
std::optional<Shortfall> shortfall(Export const& target, EncodeNode const& encode, SourceIndex const& index,
                                   SourceAnalysis const& analysis, Lowered const& lowered);

// Makes copies of those exports whose picture the source meets as it is. Returns their names; `hints` gets one line of what
// others fall short by slightly.
Result<std::vector<std::string>> copy_where_met(Project& project, SourceIndex const& index, SourceAnalysis const& analysis,
                                                Lowered const& lowered, std::vector<std::string>& hints);

// "h264 High 4.0 1920x1080 at 30 fps".
std::string picture_text(SourceIndex const& index);

}  // namespace reelmill
