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
  if (width_ == 0) width_ = frame.width, height_ = frame.height;
  bool const same_size = frame.width == width_ && frame.height == height_;
  if (plain && same_size) return View{frame.data[0], frame.linesize[0]};
  if (!picture_ || from_width_ != frame.width || from_height_ != frame.height || from_ != format) {
    convert_ = TRY(Scaler::open(frame.width, frame.height, format, width_, height_, AV_PIX_FMT_GRAY8,
                                (same_size ? SWS_POINT : SWS_BICUBIC) | SWS_ACCURATE_RND | SWS_BITEXACT));
    picture_ = TRY(PicturePool(width_, height_, AV_PIX_FMT_GRAY8).take());
    from_width_ = frame.width, from_height_ = frame.height, from_ = format;
  }
  TRY(convert_->scale(frame, {0, 0, frame.width, frame.height}, *picture_, {0, 0, width_, height_}));
  return View{picture_->data[0], picture_->linesize[0]};
}

}  // namespace reelmill::av
