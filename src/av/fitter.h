// SPDX-License-Identifier: GPL-3.0-or-later
// Brings pictures to an export's size: pad (bars), crop, stretch, or blur (a blurred copy behind). Square pixels out.
// Scaling is bicubic and repeatable bit for bit (accurate_rnd, bitexact).
#pragma once

#include <string>

#include "av/handles.h"
#include "av/pictures.h"
#include "base/result.h"

namespace reelmill::av {

struct Box {
  int x = 0, y = 0, width = 0, height = 0;
  friend bool operator==(Box const&, Box const&) = default;
};

// Where the picture goes (inside) or comes from (cover); even coordinates. Sizes in samples, aspect of a sample num/den.
Box inside_box(int width, int height, AVRational sample_aspect, int target_width, int target_height);
Box cover_box(int width, int height, AVRational sample_aspect, int target_width, int target_height);

// Whether samples use the full range.
struct Ranges {
  bool in_full = false, out_full = false;
};

// A plain scale from one box of a picture into one box of another.
class Scaler {
 public:
  Scaler() = default;
  static Result<Scaler> open(int in_width, int in_height, AVPixelFormat in_format, int out_width, int out_height,
                             AVPixelFormat out_format, int flags, Ranges ranges = {});
  Result<void> scale(AVFrame const& in, Box const& from, AVFrame& out, Box const& to);

 private:
  Swscale context_;
};

class Fitter {
 public:
  static Result<Fitter> open(std::string const& fit, AVFrame const& example, int width, int height);
  Result<Frame> apply(AVFrame const& in);
  // Where the picture lies in the result, bars and background left out.
  Box const& box() const { return to_; }

 private:
  Fitter() = default;
  Result<void> paint_background(AVFrame const& in, AVFrame& out);

  bool identity_ = false, blur_ = false;
  Box from_, to_;
  Scaler scaler_, shrink_, grow_;
  Box background_from_;
  Frame small_, narrow_;
  PicturePool pool_;
};

}  // namespace reelmill::av
