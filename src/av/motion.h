// SPDX-License-Identifier: GPL-3.0-or-later
// How the camera moved from each frame to the next: libvidstab finds integer motions of many small fields, each is
// refined below a pixel, and a similarity is fitted to them robustly. A result depends on two neighbouring pictures only
// (a cut on three), never on where the walk began. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "av/handles.h"
#include "base/result.h"
#include "graph/media.h"

namespace reelmill::av {

class MotionDetector {
 public:
  // Sizes of the frames' first plane (8-bit luma). shakiness and accuracy as libvidstab defines them (1–10, 1–15).
  static Result<MotionDetector> open(int width, int height, int shakiness, int accuracy);
  // Motion from the previous picture to this one, in pixels of the frame; zero and a cut for the first.
  Motion next(std::uint8_t const* luma, std::ptrdiff_t stride);

 private:
  struct Search;
  struct FreeSearch {
    void operator()(Search* search) const;
  };
  using Picture = std::vector<std::uint8_t>;
  MotionDetector() = default;
  bool is_cut(Picture const& thumbnail);

  std::unique_ptr<Search, FreeSearch> search_;
  int factor_ = 1;  // the search works on a picture this many times smaller: a third of the cost or less
  int width_ = 0, height_ = 0;
  Picture current_, previous_, thumbnail_;
  double last_difference_ = 0;
  bool has_previous_ = false;
};

// One field's displacement in the picture, measured from the centre; exposed for the test of the fit.
struct FieldMotion {
  double x, y;    // where, from the centre
  double dx, dy;  // how far it moved
};
struct Similarity {
  double dx = 0, dy = 0, angle = 0, scale = 0;  // scale: growth, 0 is none
};
Similarity fit(std::vector<FieldMotion> const& fields);

}  // namespace reelmill::av
