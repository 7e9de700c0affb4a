// SPDX-License-Identifier: GPL-3.0-or-later
// The 8-bit luma of a picture of any format, in the size of the first one. One thread.
#pragma once

#include <cstdint>
#include <optional>

#include "av/fitter.h"
#include "av/handles.h"
#include "base/result.h"

namespace reelmill::av {

class Luma {
 public:
  struct View {
    std::uint8_t const* data;
    std::ptrdiff_t stride;
  };
  // Valid until the frame goes or the next call.
  Result<View> of(AVFrame const& frame);

 private:
  std::optional<Scaler> convert_;
  int width_ = 0, height_ = 0;  // of the first picture
  int from_width_ = 0, from_height_ = 0;
  AVPixelFormat from_ = AV_PIX_FMT_NONE;
  Frame picture_;
};

}  // namespace reelmill::av
