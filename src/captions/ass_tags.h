// SPDX-License-Identifier: GPL-3.0-or-later
// Override tags of ASS, which SubRip files use too: {\i1}, {\an8}.
#pragma once

#include <optional>
#include <string_view>

#include "captions/marked_text.h"

namespace reelmill {

// What the tags so far have set.
struct AssTags {
  Marks marks = 0, style = 0;  // `style`: what {\r} goes back to
  bool is_drawing = false;
  std::optional<bool> at_top;
  std::optional<double> y;  // of {\pos} and {\move}
};

// `block` is what stands between the braces.
void apply_ass_tags(std::string_view block, AssTags& tags);

}  // namespace reelmill
