// SPDX-License-Identifier: GPL-3.0-or-later
// From R'G'B' to Y'CbCr of limited range and back, by the matrix a picture is tagged with.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace reelmill::av {

// The shares of red, green and blue in the luma (ITU-T H.273, table 4).
struct LumaWeights {
  float red = 0, green = 0, blue = 0;
};
// By libav's name of a matrix ("bt709"). An unknown matrix counts as BT.601.
LumaWeights luma_weights(std::string_view matrix);

struct Rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
};
// "#rrggbb"; anything else is an error of kind bug, since the front has checked it.
Result<Rgb> parse_colour(std::string_view text);

struct Yuv {
  float y = 0, u = 0, v = 0;  // on the scale of 8-bit samples, unrounded
};
// `share` of a colour: 1 gives the colour itself, less gives the samples multiplied by it. Red, green and blue are 0 to 255
// and already multiplied.
Yuv yuv_of(float red, float green, float blue, float share, LumaWeights const& weights);

}  // namespace reelmill::av
