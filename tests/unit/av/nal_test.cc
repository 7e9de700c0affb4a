// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/nal.h"

#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "av/access.h"

namespace reelmill::av {
namespace {

using Unit = std::vector<std::uint8_t>;

std::vector<Unit> units_of(Unit const& data, int length_size) {
  std::vector<Unit> out;
  for_each_nal(data, length_size, [&](Bytes unit) {
    out.emplace_back(unit.begin(), unit.end());
    return true;
  });
  return out;
}

TEST(Nal, StartCodesOfThreeAndFourBytes) {
  std::vector<Unit> const expected{{0x67, 1, 2}, {0x68, 3}, {0x65, 0, 0, 3, 1}};
  EXPECT_EQ(units_of({0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 1, 0x65, 0, 0, 3, 1}, 0), expected);
  EXPECT_EQ(units_of({9, 9, 0, 0, 1, 0x67, 1, 2, 0, 0, 0, 0, 0, 1, 0x68, 3, 0, 0, 1, 0x65, 0, 0, 3, 1, 0, 0}, 0), expected);
}

TEST(Nal, Lengths) {
  std::vector<Unit> const expected{{0x67, 1}, {0x65, 0, 0, 1}};
  EXPECT_EQ(units_of({0, 0, 0, 2, 0x67, 1, 0, 0, 0, 4, 0x65, 0, 0, 1}, 4), expected);
  EXPECT_EQ(units_of({0, 2, 0x67, 1, 0, 4, 0x65, 0, 0, 1}, 2), expected);
  EXPECT_EQ(units_of({2, 0x67, 1, 4, 0x65, 0, 0, 1}, 1), expected);
}

TEST(Nal, DamageEndsTheWalk) {
  EXPECT_EQ(units_of({0, 0, 0, 1, 0x67, 0, 0, 0, 9, 0x65}, 4), (std::vector<Unit>{{0x67}}));
  EXPECT_EQ(units_of({255, 255, 255, 255, 0x67}, 4), std::vector<Unit>{});
  EXPECT_EQ(units_of({0, 0, 0, 0, 0, 0, 0, 1, 0x67}, 4), std::vector<Unit>{});
  for (int const length_size : {0, 1, 2, 4}) {
    EXPECT_TRUE(units_of({}, length_size).empty());
    EXPECT_TRUE(units_of({0, 0, 1}, length_size).empty() || length_size == 1);
  }
}

TEST(Nal, StopsWhenAsked) {
  int seen = 0;
  Unit const data{0, 0, 1, 1, 0, 0, 1, 2, 0, 0, 1, 3};
  for_each_nal(data, 0, [&](Bytes) { return ++seen < 2; });
  EXPECT_EQ(seen, 2);
}

Parameters parameters(AVCodecID codec, Unit const& extradata = {}) {
  Parameters out(avcodec_parameters_alloc());
  out->codec_type = AVMEDIA_TYPE_VIDEO;
  out->codec_id = codec;
  out->extradata = static_cast<std::uint8_t*>(av_mallocz(extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  out->extradata_size = static_cast<int>(extradata.size());
  if (!extradata.empty()) std::memcpy(out->extradata, extradata.data(), extradata.size());
  return out;
}

Unit const avcc{1, 100, 0, 40, 0xff, 0xe1, 0, 0};
Unit hvcc() {
  Unit out(23, 0);
  out[0] = 1, out[21] = 0xfc | 1;
  return out;
}

TEST(Nal, TheLengthSizeIsInTheExtradata) {
  EXPECT_EQ(nal_length_size(*parameters(AV_CODEC_ID_H264, avcc)), 4);
  EXPECT_EQ(nal_length_size(*parameters(AV_CODEC_ID_H264, {1, 100, 0, 40, 0xfd, 0xe1, 0, 0})), 2);
  EXPECT_EQ(nal_length_size(*parameters(AV_CODEC_ID_HEVC, hvcc())), 2);
  EXPECT_EQ(nal_length_size(*parameters(AV_CODEC_ID_H264, {0, 0, 0, 1, 0x67, 1, 2, 3})), 0);
  EXPECT_EQ(nal_length_size(*parameters(AV_CODEC_ID_H264)), 0);
}

Access access(AVCodecID codec, Unit const& extradata, Unit const& data, bool key = true) {
  auto packet = make_packet();
  av_new_packet(packet.get(), static_cast<int>(data.size()));
  if (!data.empty()) std::memcpy(packet->data, data.data(), data.size());
  packet->flags = key ? AV_PKT_FLAG_KEY : 0;
  return access_of(*packet, *parameters(codec, extradata));
}

TEST(Access, H264) {
  Unit const idr{0, 0, 0, 2, 0x67, 1, 0, 0, 0, 2, 0x65, 9};       // SPS, IDR slice
  Unit const recovery{0, 0, 0, 2, 0x06, 6, 0, 0, 0, 2, 0x41, 9};  // SEI, slice
  EXPECT_EQ(access(AV_CODEC_ID_H264, avcc, idr), Access::closed);
  EXPECT_EQ(access(AV_CODEC_ID_H264, avcc, recovery), Access::open);
  EXPECT_EQ(access(AV_CODEC_ID_H264, avcc, idr, false), Access::none);
  EXPECT_EQ(access(AV_CODEC_ID_H264, {}, {0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x65, 9}), Access::closed);
  EXPECT_EQ(access(AV_CODEC_ID_H264, {}, {0, 0, 0, 1, 0x06, 6, 0, 0, 1, 0x41, 9}), Access::open);
}

TEST(Access, Hevc) {
  auto const slice = [](int type) {
    return access(AV_CODEC_ID_HEVC, hvcc(), {0, 3, 64, 1, 0, 0, 3, static_cast<std::uint8_t>(type << 1), 1, 9});  // VPS first
  };
  EXPECT_EQ(slice(20), Access::closed);   // IDR_N_LP
  EXPECT_EQ(slice(19), Access::leading);  // IDR_W_RADL
  EXPECT_EQ(slice(21), Access::leading);  // CRA
  EXPECT_EQ(slice(16), Access::leading);  // BLA_W_LP
  EXPECT_EQ(slice(18), Access::closed);   // BLA_N_LP
  EXPECT_EQ(slice(1), Access::open);      // a flag without a point
}

TEST(Access, Mpeg2) {
  Unit const closed{0, 0, 1, 0xb3, 1, 0, 0, 1, 0xb8, 1, 2, 3, 0x40, 0, 0, 1, 0};
  Unit const open{0, 0, 1, 0xb3, 1, 0, 0, 1, 0xb8, 1, 2, 3, 0x10, 0, 0, 1, 0};
  EXPECT_EQ(access(AV_CODEC_ID_MPEG2VIDEO, {}, closed), Access::closed);
  EXPECT_EQ(access(AV_CODEC_ID_MPEG2VIDEO, {}, open), Access::open);
}

TEST(Access, OtherCodecs) {
  EXPECT_EQ(access(AV_CODEC_ID_PRORES, {}, {1}), Access::closed);
  EXPECT_EQ(access(AV_CODEC_ID_MJPEG, {}, {1}), Access::closed);
  EXPECT_EQ(access(AV_CODEC_ID_VP9, {}, {1}), Access::closed);
  EXPECT_EQ(access(AV_CODEC_ID_AV1, {}, {1}), Access::closed);
  EXPECT_EQ(access(AV_CODEC_ID_MPEG4, {}, {1}), Access::open);
  EXPECT_EQ(access(AV_CODEC_ID_VP9, {}, {1}, false), Access::none);
}

}  // namespace
}  // namespace reelmill::av
