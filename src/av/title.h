// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "av/text_setter.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

// Sets the title for a picture of this size. `font` is the font file's content. Errors as TextSetter's.
Result<SetText> set_text(TitleNode const& title, std::string const& font, int width, int height);

}  // namespace reelmill::av
