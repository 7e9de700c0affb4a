// SPDX-License-Identifier: GPL-3.0-or-later
// Pooled pictures: buffers of one size are reused, since fresh memory costs six copies of a frame. Thread-safe to release.
#pragma once

#include <cstdint>
#include <memory>

#include "av/handles.h"
#include "base/result.h"

extern "C" {
#include <libavutil/buffer.h>
#include <libavutil/pixfmt.h>
}

namespace reelmill::av {

class PicturePool {
 public:
  PicturePool() = default;
  // Any format. With `black`, which is for 4:2:0 of limited range, new buffers begin as black; who writes only inside a box finds
  // the rest black again when the buffer comes back, as long as nobody else writes.
  PicturePool(int width, int height, AVPixelFormat format, bool black = false);
  Result<Frame> take();

 private:
  Handle<AVBufferPool, av_buffer_pool_uninit> pool_;
  int width_ = 0, height_ = 0;
  AVPixelFormat format_ = AV_PIX_FMT_NONE;
};

}  // namespace reelmill::av
