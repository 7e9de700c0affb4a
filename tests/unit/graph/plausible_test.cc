// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/plausible.h"

#include <gtest/gtest.h>

#include "graph/media_limits.h"

namespace reelmill {
namespace {

SourceIndex film(std::int64_t packets, std::int64_t step, Rational time_base) {
  SourceIndex index;
  auto& picture = index.video.emplace_back();
  picture.stream = 0;
  picture.width = 1920;
  picture.height = 1080;
  picture.time_base = time_base;
  for (std::int64_t i = 0; i < packets; ++i) index.packets.push_back({.pts = i * step, .dts = i * step, .duration = step});
  return index;
}

AudioStreamInfo sound_of(int channels, int sample_rate) {
  AudioStreamInfo sound;
  sound.channels = channels;
  sound.sample_rate = sample_rate;
  sound.decodable = true;
  return sound;
}

std::string wrong(SourceIndex const& index) { return implausible(index).value_or("nothing"); }

bool says(SourceIndex const& index, std::string_view what) { return wrong(index).find(what) != std::string::npos; }

TEST(Plausible, FootageIs) {
  EXPECT_EQ(wrong(film(300, 512, {1, 15360})), "nothing");
  EXPECT_EQ(wrong(film(1, 1, {1, 30})), "nothing");
  EXPECT_EQ(wrong(film(2, 0, {1, 30})), "nothing") << "a file of two pictures may not know when they end";
  EXPECT_EQ(wrong(film(480, 1, {1, most::frame_rate})), "nothing");
  EXPECT_EQ(wrong(film(24, most::seconds_of_a_picture, {1, 1})), "nothing");
  SourceIndex sound;
  sound.audio.push_back(sound_of(2, 48000));
  EXPECT_EQ(wrong(sound), "nothing");
}

TEST(Plausible, ClocksThatNobodyHas) {
  EXPECT_TRUE(says(film(300, 1, {1, 1'000'000}), "pictures a second"));
  EXPECT_TRUE(says(film(300, 0, {1, 30}), "at one instant"));
  EXPECT_TRUE(says(film(25, most::seconds_of_a_picture, {1, 1}), "hours"));
  EXPECT_TRUE(says(film(3, most::seconds_of_a_picture + 1, {1, 1}), "minutes"));
  for (auto const far : {INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1, (std::int64_t{1} << 60) + 1}) {
    for (auto const field : {&VideoPacket::pts, &VideoPacket::dts, &VideoPacket::duration}) {
      auto index = film(30, 1, {1, 30});
      index.packets[7].*field = far;
      EXPECT_TRUE(says(index, "no clock shows")) << far;
    }
  }
}

TEST(Plausible, SizesThatNobodyFilms) {
  auto index = film(30, 1, {1, 30});
  index.video.front().width = 16000;
  index.video.front().height = 16000;
  EXPECT_TRUE(says(index, "16000x16000"));
  index.video.front().width = 0;
  EXPECT_TRUE(says(index, "no size"));
  index = film(30, 1, {1, 30});
  index.audio.push_back(sound_of(65535, 48000));
  EXPECT_TRUE(says(index, "65535 channels"));
  index.audio.front() = sound_of(2, 1);
  EXPECT_TRUE(says(index, "1 Hz"));
  EXPECT_TRUE(says(film(0, 1, {1, 30}), "no packets"));
  index = film(3, 1, {1, 30});
  for (auto& packet : index.packets) packet.discard = true;
  EXPECT_TRUE(says(index, "edit list"));
}

TEST(Plausible, AnalysesBelongTogether) {
  SourceAnalysis good;
  good.pts = {0, 1, 2};
  good.checksum = {1, 2, 3};
  good.end = 3;
  EXPECT_FALSE(implausible(good));
  auto bad = good;
  bad.pts = {0, 2, 2};
  EXPECT_TRUE(implausible(bad));
  bad = good;
  bad.checksum.pop_back();
  EXPECT_TRUE(implausible(bad));
  bad = good;
  bad.motion.resize(2);
  EXPECT_TRUE(implausible(bad));
  bad = good;
  bad.end = 2;
  EXPECT_TRUE(implausible(bad));
  EXPECT_TRUE(implausible(SourceAnalysis{}));
}

}  // namespace
}  // namespace reelmill
