// SPDX-License-Identifier: GPL-3.0-or-later
// Mixes a whole picture with one colour.
#pragma once

#include "av/colour.h"
#include "av/handles.h"
#include "av/pictures.h"
#include "base/result.h"

namespace reelmill::av {

// `weight` of 65536 is the colour alone. The pool has the picture's size and format, 8-bit 4:2:0.
Result<Frame> mix_with(AVFrame const& in, Yuv const& colour, int weight, PicturePool& pool);

// What a picture made anew takes over from the one it was made of.
void copy_looks(AVFrame const& from, AVFrame& to);

}  // namespace reelmill::av
