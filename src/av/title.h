// SPDX-License-Identifier: GPL-3.0-or-later
// A text as a picture, set by libass with one font and nothing else: neither another font nor markup can slip in.
#pragma once

#include <string>

#include "av/stamp.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

struct SetText {
  Rgba image;        // just the part that is not empty
  int x = 0, y = 0;  // of its upper left corner, from that of the picture
};

// Sets the title for a picture of this size. `font` is the font file's content. A character that the font does not have, and a
// text that does not fit inside the margin, are errors of kind project; a file that is not a font is one of kind media.
Result<SetText> set_text(TitleNode const& title, std::string const& font, int width, int height);

}  // namespace reelmill::av
