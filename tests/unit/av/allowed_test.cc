// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/allowed.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "base/text.h"

namespace reelmill::av {
namespace {

TEST(Allowed, EveryContainerIsKnown) {
  for (auto const name : split(allowed_formats(), ','))
    EXPECT_NE(av_find_input_format(std::string(name).c_str()), nullptr) << name;
}

TEST(Allowed, NothingThatNamesOtherFiles) {
  auto const formats = std::string(",") + allowed_formats() + ",";
  for (auto const* name :
       {"hls", "dash", "concat", "imf", "lavfi", "tty", "xbin", "image2", "svg_pipe", "sdp", "rtsp", "mpjpeg", "applehttp"})
    EXPECT_EQ(formats.find("," + std::string(name) + ","), std::string::npos) << name;
}

TEST(Allowed, WhatCamerasAndPlatformsGive) {
  for (auto const id :
       {AV_CODEC_ID_H264,       AV_CODEC_ID_HEVC,  AV_CODEC_ID_AV1,     AV_CODEC_ID_VP8,       AV_CODEC_ID_VP9,
        AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4, AV_CODEC_ID_PRORES,  AV_CODEC_ID_DNXHD,     AV_CODEC_ID_FFV1,
        AV_CODEC_ID_MJPEG,      AV_CODEC_ID_PNG,   AV_CODEC_ID_DVVIDEO, AV_CODEC_ID_RAWVIDEO,  AV_CODEC_ID_AAC,
        AV_CODEC_ID_MP2,        AV_CODEC_ID_MP3,   AV_CODEC_ID_AC3,     AV_CODEC_ID_EAC3,      AV_CODEC_ID_OPUS,
        AV_CODEC_ID_VORBIS,     AV_CODEC_ID_FLAC,  AV_CODEC_ID_ALAC,    AV_CODEC_ID_PCM_S16LE, AV_CODEC_ID_PCM_S24LE,
        AV_CODEC_ID_PCM_F32LE})
    EXPECT_NE(decoder_for(id), nullptr) << avcodec_get_name(id);
}

TEST(Allowed, NothingElse) {
  for (auto const id :
       {AV_CODEC_ID_MAGICYUV, AV_CODEC_ID_XBIN, AV_CODEC_ID_ANSI, AV_CODEC_ID_SVG, AV_CODEC_ID_INDEO5, AV_CODEC_ID_NONE})
    EXPECT_EQ(decoder_for(id), nullptr) << avcodec_get_name(id);
  Parameters parameters(avcodec_parameters_alloc());
  parameters->codec_type = AVMEDIA_TYPE_VIDEO;
  parameters->codec_id = AV_CODEC_ID_MAGICYUV;
  auto const refused = find_decoder(*parameters, "film.avi");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::media);
  EXPECT_NE(refused.error().what.find("magicyuv"), std::string::npos);
}

TEST(Allowed, SizesThatFootageHas) {
  Parameters parameters(avcodec_parameters_alloc());
  parameters->codec_type = AVMEDIA_TYPE_VIDEO;
  parameters->codec_id = AV_CODEC_ID_H264;
  parameters->width = 8192;
  parameters->height = 4320;
  EXPECT_TRUE(find_decoder(*parameters, "film.mp4"));
  parameters->height = 4321;
  EXPECT_FALSE(find_decoder(*parameters, "film.mp4"));
  parameters->codec_type = AVMEDIA_TYPE_AUDIO;
  parameters->codec_id = AV_CODEC_ID_PCM_S16LE;
  parameters->sample_rate = 192000;
  av_channel_layout_default(&parameters->ch_layout, 8);
  EXPECT_TRUE(find_decoder(*parameters, "film.mov"));
  parameters->sample_rate = 1;
  EXPECT_FALSE(find_decoder(*parameters, "film.mov"));
  parameters->sample_rate = 0x7fffffff;
  EXPECT_FALSE(find_decoder(*parameters, "film.mov"));
}

}  // namespace
}  // namespace reelmill::av
