// SPDX-License-Identifier: GPL-3.0-or-later
// Probed files for people: a line each for `check`, a page for `probe`. Pure; nothing in it can move a terminal's cursor.
#pragma once

#include <string>
#include <vector>

#include "report/terminal.h"
#include "run/prober.h"

namespace reelmill {

enum class Notes { hide, show };

// Style of `out` (report/terminal.h), but ✓ and ✗ are also written to files and pipes, whatever the locale.
Style table_style_for(std::FILE* out);

// "✓ clip.mp4  MP4  h264 High 1920x1080 29.97p …", what is wrong below the line it belongs to, and "3/4 valid" at the end.
std::string probe_table(std::vector<ProbedFile> const& files, Style const& style, Notes notes);

// Everything about one file, in sections.
std::string probe_page(ProbedFile const& file, Style const& style);

// "29.97", "23.976", "25", "24.13"
std::string rate_text(Rational rate);

}  // namespace reelmill
