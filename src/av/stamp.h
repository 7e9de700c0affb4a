// SPDX-License-Identifier: GPL-3.0-or-later
// A small picture with transparency that is drawn on others: made once, drawn on every frame.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "av/fitter.h"
#include "av/handles.h"
#include "av/pictures.h"
#include "base/result.h"

namespace reelmill::av {

// Red, green, blue, all multiplied by alpha, and alpha; four bytes a pixel, rows without padding.
struct Rgba {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;
};

class Stamp {
 public:
  // `width` and `height` may differ from the image's and are rounded up to even numbers; the samples get the matrix.
  static Result<Stamp> make(Rgba const& image, int width, int height, std::string_view matrix);

  int width() const { return width_; }
  int height() const { return height_; }
  // Draws with the upper left corner at (x, y), which are rounded down to even numbers; what lies outside is left out. `weight`
  // of 65536 is the image as it is. The pool has the picture's size and format, 8-bit 4:2:0.
  Result<Frame> draw_on(AVFrame const& in, int x, int y, int weight, PicturePool& pool) const;

 private:
  struct Plane {
    std::vector<std::uint8_t> samples, alpha;  // samples are multiplied by alpha
    int width = 0, height = 0;
  };
  int width_ = 0, height_ = 0;
  Plane planes_[3];
};

// Where something of this size lies in a box ("top_left" … "bottom_right"), `margin` samples from its edges.
struct Place {
  int x = 0, y = 0;
};
Place place_in(Box const& box, std::string_view position, int width, int height, int margin);

}  // namespace reelmill::av
