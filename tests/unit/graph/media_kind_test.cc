// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/media_kind.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

using namespace std::string_literals;

TEST(Recognise, Containers) {
  EXPECT_EQ(recognise("\0\0\0\x20"
                      "ftypisom"s)
                .kind,
            MediaKind::media);
  EXPECT_EQ(recognise("\x1a\x45\xdf\xa3"
                      "rest"s)
                .what,
            "Matroska or WebM");
  EXPECT_EQ(recognise("RIFF....AVI LIST"s).what, "AVI");
  EXPECT_EQ(recognise("RIFF....WAVEfmt "s).what, "WAV");
  auto packet = "\x47"s + std::string(187, '\1');
  EXPECT_EQ(recognise(packet + packet + packet).what, "MPEG transport stream");
  EXPECT_EQ(recognise("\1\2\3\4"s + packet + "\1\2\3\4"s + packet + "\1\2\3\4"s + packet).what, "MPEG transport stream");
  EXPECT_EQ(recognise("\xff\xfb\x90\x44"s).what, "MPEG audio");
  EXPECT_EQ(recognise("\x30\x26\xb2\x75\x8e\x66\xcf\x11"s).kind, MediaKind::unsupported);
}

TEST(Recognise, WhatMustNotBeOpened) {
  EXPECT_EQ(recognise("#EXTM3U\n#EXT-X-VERSION:3\n").kind, MediaKind::playlist);
  EXPECT_EQ(recognise("\xef\xbb\xbf  \n#EXTM3U\n").kind, MediaKind::playlist);
  EXPECT_EQ(recognise("ffconcat version 1.0\nfile 'a'\n").kind, MediaKind::script);
  EXPECT_EQ(recognise("file '/etc/passwd'\n").kind, MediaKind::script);
  EXPECT_EQ(recognise("<?xml version='1.0'?>\n<MPD>").kind, MediaKind::playlist);
  EXPECT_EQ(recognise("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n").kind, MediaKind::playlist);
  EXPECT_EQ(recognise("<svg xmlns='x'/>").kind, MediaKind::image);
  EXPECT_EQ(recognise("\x89PNG\r\n\x1a\n"s).kind, MediaKind::image);
  EXPECT_EQ(recognise("\0\0\0\x20"
                      "ftypheic"s)
                .kind,
            MediaKind::image);
}

TEST(Recognise, TheRest) {
  EXPECT_EQ(recognise("").kind, MediaKind::empty);
  EXPECT_EQ(recognise("plain words\n").kind, MediaKind::text);
  EXPECT_EQ(recognise("caf\xc3\xa9 cut \xc3").kind, MediaKind::text);
  EXPECT_EQ(recognise(std::string(5000, '\0')).kind, MediaKind::unknown);
  EXPECT_EQ(recognise("PK\x03\x04"s).kind, MediaKind::other);
}

TEST(MediaExtension, AnyCase) {
  EXPECT_TRUE(is_media_extension(".mp4"));
  EXPECT_TRUE(is_media_extension(".MoV"));
  EXPECT_FALSE(is_media_extension(".txt"));
  EXPECT_FALSE(is_media_extension("mp4"));
  EXPECT_FALSE(is_media_extension(""));
}

}  // namespace
}  // namespace reelmill
