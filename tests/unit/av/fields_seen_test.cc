// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/fields_seen.h"

#include <cmath>

#include <gtest/gtest.h>

namespace reelmill::av {
namespace {

// A pattern that moves; `instant` counts fields.
int sample(double x, double y, double instant) {
  return 128 + static_cast<int>(60 * std::sin((x - 2.5 * instant) * 0.3) + 40 * std::sin((y + 0.7 * instant) * 0.21 + x * 0.05));
}

enum class Scan { progressive, top_first, bottom_first };

Frame picture(int number, Scan scan, AVPixelFormat format = AV_PIX_FMT_YUV420P) {
  auto frame = make_frame();
  frame->width = 96;
  frame->height = 64;
  frame->format = format;
  av_frame_get_buffer(frame.get(), 0);
  for (int y = 0; y < frame->height; ++y) {
    bool const is_later = scan == Scan::top_first ? y % 2 == 1 : scan == Scan::bottom_first && y % 2 == 0;
    double const instant = number * 2 + (is_later ? 1 : 0);
    for (int x = 0; x < frame->width; ++x) {
      auto* const line = frame->data[0] + static_cast<std::ptrdiff_t>(y) * frame->linesize[0];
      if (format == AV_PIX_FMT_YUV420P10LE)
        reinterpret_cast<std::uint16_t*>(line)[x] = static_cast<std::uint16_t>(4 * sample(x, y, instant));
      else
        line[x] = static_cast<std::uint8_t>(sample(x, y, instant));
    }
  }
  return frame;
}

Fields seen(Scan scan, int at = 5, AVPixelFormat format = AV_PIX_FMT_YUV420P) {
  return seen_fields(*picture(at - 1, scan, format), *picture(at, scan, format), *picture(at + 1, scan, format));
}

TEST(FieldsSeen, OrderOfAMovingPattern) {
  for (int at = 1; at < 30; ++at) {
    EXPECT_EQ(seen(Scan::progressive, at), Fields::progressive) << at;
    EXPECT_EQ(seen(Scan::top_first, at), Fields::top_first) << at;
    EXPECT_EQ(seen(Scan::bottom_first, at), Fields::bottom_first) << at;
  }
}

TEST(FieldsSeen, TenBits) {
  EXPECT_EQ(seen(Scan::top_first, 5, AV_PIX_FMT_YUV420P10LE), Fields::top_first);
  EXPECT_EQ(seen(Scan::progressive, 5, AV_PIX_FMT_YUV420P10LE), Fields::progressive);
}

TEST(FieldsSeen, AStillPictureSaysNothing) {
  auto const still = picture(3, Scan::top_first);
  EXPECT_EQ(seen_fields(*still, *still, *still), Fields::undecided);
}

TEST(FieldCounter, LooksAtOneInTwelve) {
  FieldCounter counter;
  for (int number = 0; number < 120; ++number) counter.see(*picture(number, Scan::bottom_first));
  EXPECT_EQ(counter.counted().bottom_first, 10);
  EXPECT_EQ(counter.counted().progressive + counter.counted().top_first + counter.counted().undecided, 0);
}

}  // namespace
}  // namespace reelmill::av
