// SPDX-License-Identifier: GPL-3.0-or-later
// Moves, turns and enlarges a picture plane by bicubic (Catmull-Rom) sampling in integers, so that every machine gives
// the same samples. 8 bits a sample.
#pragma once

#include <cstdint>

#include "graph/media.h"

namespace reelmill::av {

struct PlaneView {
  std::uint8_t const* data = nullptr;
  std::ptrdiff_t stride = 0;
  int width = 0, height = 0;
};

enum class Border { mirror, fill };

// Where a sample of the result comes from: x = ax·X + bx·Y + cx, y = ay·X + by·Y + cy, in 2⁻³² samples.
struct Affine {
  std::int64_t ax = 0, bx = 0, cx = 0;
  std::int64_t ay = 0, by = 0, cy = 0;
};

// The inverse of `correction` for a plane of this size; `scale` is plane width over luma width as a shift (0 luma, 1 chroma
// of 4:2:0, for each direction).
Affine affine_of(Correction const& correction, int width, int height, int shift_x, int shift_y);

// Writes all of out (same size as in); out must not overlap in. `fill` is the sample used outside with Border::fill.
void warp_plane(PlaneView const& in, std::uint8_t* out, std::ptrdiff_t out_stride, Affine const& affine, Border border,
                std::uint8_t fill);
// The same without vector instructions; for machines without AVX2 and for the test that both agree.
void warp_plane_plain(PlaneView const& in, std::uint8_t* out, std::ptrdiff_t out_stride, Affine const& affine, Border border,
                      std::uint8_t fill);

}  // namespace reelmill::av
