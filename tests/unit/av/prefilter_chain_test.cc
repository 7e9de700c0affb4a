// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/prefilter_chain.h"

#include <gtest/gtest.h>

#include "av/decoder.h"
#include "av/pictures.h"

namespace reelmill::av {
namespace {

constexpr int width = 64, height = 32;

// A bar that moves a little from field to field, so that the rows of a frame belong to two times; from picture 7 on beside fine
// rows, which only a look at the picture before can tell from fields.
Frame interlaced_picture(int number) {
  PicturePool pool(width, height, AV_PIX_FMT_YUV420P);
  auto taken = pool.take();
  auto frame = std::move(*taken);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      int const at = (number * 6 + (y & 1) * 3) % width;
      int const rows = number >= 7 && x >= width / 2 && y % 4 < 2 ? 150 : 30;
      frame->data[0][y * frame->linesize[0] + x] = static_cast<std::uint8_t>(x >= at && x < at + 12 ? 230 : rows);
    }
  for (int plane = 1; plane < 3; ++plane)
    for (int y = 0; y < height / 2; ++y)
      for (int x = 0; x < width / 2; ++x) frame->data[plane][y * frame->linesize[plane] + x] = 128;
  frame->interlaced_frame = frame->top_field_first = 1;
  return frame;
}

std::vector<std::uint64_t> filtered(std::vector<Prefilter> const& filters, int from, int to) {
  auto first = interlaced_picture(from);
  auto chain = PrefilterChain::open(filters, *first);
  EXPECT_TRUE(chain) << chain.error().text();
  std::vector<std::uint64_t> out;
  auto const drain = [&] {
    while (true) {
      auto const frame = chain->pull();
      ASSERT_TRUE(frame) << frame.error().text();
      if (!*frame) return;
      (*frame)->interlaced_frame = 0;
      out.push_back(checksum(**frame));
    }
  };
  for (int i = from; i < to; ++i) {
    EXPECT_TRUE(chain->push(interlaced_picture(i).get()));
    drain();
  }
  EXPECT_TRUE(chain->push(nullptr));
  drain();
  return out;
}

std::vector<Prefilter> const bwdif{{"bwdif", {{"mode", "send_frame"}, {"parity", "tff"}, {"deint", "all"}}, 1, 1}};

TEST(PrefilterChain, GivesOnePictureForEach) {
  for (int const count : {1, 2, 3, 20}) {
    EXPECT_EQ(filtered(bwdif, 0, count).size(), static_cast<std::size_t>(count));
    EXPECT_EQ(filtered({{"hqdn3d", {}, 8, 0}}, 0, count).size(), static_cast<std::size_t>(count));
  }
}

TEST(PrefilterChain, MarginsMakeAPartEqualTheWhole) {
  auto const whole = filtered(bwdif, 0, 20), part = filtered(bwdif, 7, 13), with_margins = filtered(bwdif, 6, 14);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(with_margins[i + 1], whole[i + 7]) << i;
  EXPECT_NE(part.front(), whole[7]);  // so the margin is needed
}

TEST(PrefilterChain, FormatsAreAgreedBetweenFilters) {
  auto const out = filtered(
      {{"zscale", {{"matrixin", "smpte170m"}, {"matrix", "bt709"}}, 0, 0}, {"format", {{"pix_fmts", "yuv444p10le"}}, 0, 0}}, 0,
      2);
  EXPECT_EQ(out.size(), 2u);
}

TEST(PrefilterChain, OnlyAllowedFiltersAreOffered) {
  auto const picture = interlaced_picture(0);
  auto const chain = PrefilterChain::open({{"movie", {{"filename", "/etc/passwd"}}, 0, 0}}, *picture);
  ASSERT_FALSE(chain);
  EXPECT_EQ(chain.error().kind, ErrorKind::bug);
}

}  // namespace
}  // namespace reelmill::av
