// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/media.h"

#include <random>

#include <gtest/gtest.h>

#include "graph/columns.h"

namespace reelmill {
namespace {

constexpr std::uint64_t big = 0xfedcba9876543210;

SourceIndex full_index() {
  SourceIndex index{"mov,mp4", Rational(7201, 2), "id", {}, {}, {}};
  index.video = {{.stream = 1,
                  .codec = "h264",
                  .profile = "High",
                  .pixel_format = "yuv420p",
                  .level = 42,
                  .width = 1920,
                  .height = 1088,
                  .sample_aspect = Rational(4, 3),
                  .mirrored = true,
                  .rotation = 270,
                  .time_base = Rational(1, 15360),
                  .average_rate = Rational(30000, 1001),
                  .primaries = "bt709",
                  .transfer = "bt709",
                  .matrix = "unknown",
                  .range = "tv",
                  .field_order = "tt",
                  .header = "told",
                  .is_timed = false,
                  .is_steady = false}};
  index.audio = {{.stream = 2,
                  .codec = "aac",
                  .layout = "stereo",
                  .language = "spa",
                  .channels = 2,
                  .sample_rate = 44100,
                  .time_base = Rational(1, 44100),
                  .start = Rational(-1024, 44100),
                  .duration = Rational(3600),
                  .identity = "aid",
                  .decodable = true,
                  .preferred = true},
                 {}};
  index.packets = {{-100, -612, 512, 70000, Access::closed, true, big},
                   {412, -100, 512, 12, Access::none, false, 0},
                   {0, 0, 0, 1, Access::leading, false, 1},
                   {INT64_MAX, INT64_MIN, -1, INT32_MAX, Access::open, true, ~0ull}};
  return index;
}

TEST(Media, IndexRoundTrips) {
  auto const index = full_index();
  Json const json = index;
  auto const back = parse_json<SourceIndex>(json.dump(), "an index");
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(Json(*back).dump(), json.dump());
  EXPECT_EQ(back->duration, Rational(7201, 2));
  EXPECT_EQ(back->audio.at(0).identity, "aid");
  EXPECT_TRUE(back->audio.at(0).decodable);
  EXPECT_TRUE(back->audio.at(0).preferred);
  EXPECT_EQ(back->video.at(0).rotation, 270);
  EXPECT_TRUE(back->video.at(0).mirrored);
  EXPECT_EQ(back->video.at(0).field_order, "tt");
  EXPECT_EQ(back->audio.at(0).start, Rational(-1024, 44100));
  ASSERT_EQ(back->packets.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    auto const &read = back->packets[i], &written = index.packets[i];
    EXPECT_EQ(read.pts, written.pts);
    EXPECT_EQ(read.dts, written.dts);
    EXPECT_EQ(read.duration, written.duration);
    EXPECT_EQ(read.size, written.size);
    EXPECT_EQ(read.access, written.access);
    EXPECT_EQ(read.discard, written.discard);
    EXPECT_EQ(read.hash, written.hash);
  }
}

TEST(Media, AnalysisRoundTrips) {
  SourceAnalysis const analysis{.pts = {0, 512, 1024},
                                .checksum = {1, big, 3},
                                .motion = {{1, 2, 3, true}, {-4, -5, -6, false}, {}},
                                .end = 1536,
                                .sizes = {{0, 160, 96}, {2, 320, 192}},
                                .top_first = 2,
                                .bottom_first = 1,
                                .peak = 600,
                                .proved = {1, 0}};
  auto const back = parse_json<SourceAnalysis>(Json(analysis).dump(), "an analysis");
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->pts, analysis.pts);
  EXPECT_EQ(back->checksum, analysis.checksum);
  EXPECT_EQ(back->motion, analysis.motion);
  EXPECT_EQ(back->end, 1536);
  EXPECT_EQ(back->sizes, analysis.sizes);
  EXPECT_EQ(back->top_first, 2);
  EXPECT_EQ(back->bottom_first, 1);
  EXPECT_EQ(back->peak, 600);
  EXPECT_EQ(back->proved, analysis.proved);
  Correction const correction{1, -2, 3, -4};
  EXPECT_EQ(Json(correction).get<Correction>(), correction);
}

TEST(Media, UnequalColumnsAreErrors) {
  SourceAnalysis analysis;
  analysis.pts = {0, 512};
  analysis.checksum = {1, 2};
  Json json = analysis;
  json["checksum"] = "0000000000000001";
  EXPECT_FALSE(parse_json<SourceAnalysis>(json.dump(), "an analysis"));
  Json index = full_index();
  index["packets"]["rows"] = 3;
  EXPECT_FALSE(parse_json<SourceIndex>(index.dump(), "an index"));
  index["packets"]["rows"] = 1e18;
  EXPECT_FALSE(parse_json<SourceIndex>(index.dump(), "an index"));
  index = full_index();
  index["packets"]["access"] = "9*4";
  EXPECT_FALSE(parse_json<SourceIndex>(index.dump(), "an index"));
  index = full_index();
  index["video"][0]["time_base"] = "1/0";
  EXPECT_FALSE(parse_json<SourceIndex>(index.dump(), "an index"));
}

TEST(Columns, AreSmallForSteadyFilms) {
  std::vector<std::int64_t> steady;
  for (int i = 0; i < 216'000; ++i) steady.push_back(i * 512);
  EXPECT_EQ(write_column(steady), "0 512*215999");
  EXPECT_EQ(read_column("0 512*215999"), steady);
  EXPECT_EQ(write_column({}), "");
  EXPECT_TRUE(read_column("").empty());
}

TEST(Columns, AnyNumbersRoundTrip) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::int64_t> numbers;
    for (int i = 0; i < round; ++i) numbers.push_back(static_cast<std::int64_t>(random()) >> (random() % 64));
    EXPECT_EQ(read_column(write_column(numbers)), numbers);
  }
}

TEST(Columns, RefuseWhatTheyWouldNotWrite) {
  for (auto const* text :
       {" ", "1 ", " 1", "1  2", "x", "1*", "1*0", "1*-1", "1*99999999999", "1*16000001", "99999999999999999999", "1,2"})
    EXPECT_THROW((void)read_column(text), std::invalid_argument) << text;
  EXPECT_THROW((void)read_hashes("0123"), std::invalid_argument);
  EXPECT_THROW((void)read_hashes("000000000000000g"), std::invalid_argument);
}

}  // namespace
}  // namespace reelmill
