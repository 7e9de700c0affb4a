// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "captions/cue.h"
#include "plan/film_captions.h"

namespace reelmill {

// Captions as they are drawn by the node, with the fonts that their characters need: the node's own before others. A character
// that no installed font has is an error of kind missing.
Result<FilmCaptions> drawn_captions(Captions const& captions, CaptionNode const& burn);

}  // namespace reelmill
