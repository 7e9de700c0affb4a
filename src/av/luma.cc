// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/luma.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace reelmill::av {

Result<Luma::View> Luma::of(AVFrame const& frame) {
  auto const format = static_cast<AVPixelFormat>(frame.format);
  auto const* description = av_pix_fmt_desc_get(format);
  bool const plain = description && description->comp[0].depth == 8 && description->comp[0].step == 1 &&
                     !(description->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL));
  if (plain) return View{frame.data[0], frame.linesize[0]};
  if (!picture_ || picture_->width != frame.width || picture_->height != frame.height) {
    convert_ = TRY(Scaler::open(frame.width, frame.height, format, frame.width, frame.height, AV_PIX_FMT_GRAY8,
                                SWS_POINT | SWS_ACCURATE_RND | SWS_BITEXACT));
    picture_ = TRY(PicturePool(frame.width, frame.height, AV_PIX_FMT_GRAY8).take());
  }
  Box const whole{0, 0, frame.width, frame.height};
  TRY(convert_->scale(frame, whole, *picture_, whole));
  return View{picture_->data[0], picture_->linesize[0]};
}

}  // namespace reelmill::av
