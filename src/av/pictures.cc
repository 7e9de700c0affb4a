// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/pictures.h"

#include <array>

extern "C" {
#include <libavutil/imgutils.h>
}

namespace reelmill::av {

namespace {
constexpr int alignment = 64;

struct Layout {
  int width, height;
  AVPixelFormat format;
  bool black;
};

void fill_planes(std::uint8_t* memory, Layout const& layout, std::array<std::uint8_t*, 4>& data, std::array<int, 4>& strides) {
  av_image_fill_arrays(data.data(), strides.data(), memory, layout.format, layout.width, layout.height, alignment);
}

AVBufferRef* allocate(void* opaque, std::size_t size) {
  auto const& layout = *static_cast<Layout const*>(opaque);
  auto* buffer = av_buffer_alloc(size);
  if (buffer && layout.black) {
    std::array<std::uint8_t*, 4> data{};
    std::array<int, 4> strides{};
    fill_planes(buffer->data, layout, data, strides);
    std::array<std::ptrdiff_t, 4> const wide{strides[0], strides[1], strides[2], strides[3]};
    av_image_fill_black(data.data(), wide.data(), layout.format, AVCOL_RANGE_MPEG, layout.width, layout.height);
  }
  return buffer;
}

void free_layout(void* opaque) { delete static_cast<Layout*>(opaque); }
}  // namespace

PicturePool::PicturePool(int width, int height, AVPixelFormat format, bool black)
    : width_(width), height_(height), format_(format) {
  auto const bytes = static_cast<std::size_t>(av_image_get_buffer_size(format, width, height, alignment)) + alignment;
  pool_.reset(av_buffer_pool_init2(bytes, new Layout{width, height, format, black}, allocate, free_layout));
}

Result<Frame> PicturePool::take() {
  auto frame = make_frame();
  frame->buf[0] = av_buffer_pool_get(pool_.get());
  if (!frame->buf[0]) return Error{.kind = ErrorKind::full, .what = "out of memory for pictures; lower --jobs or raise --memory"};
  std::array<std::uint8_t*, 4> data{};
  std::array<int, 4> strides{};
  fill_planes(frame->buf[0]->data, {width_, height_, format_, false}, data, strides);
  for (std::size_t i = 0; i < 4; ++i) {
    frame->data[i] = data[i];
    frame->linesize[i] = strides[i];
  }
  frame->width = width_;
  frame->height = height_;
  frame->format = format_;
  frame->sample_aspect_ratio = {1, 1};
  return frame;
}

}  // namespace reelmill::av
