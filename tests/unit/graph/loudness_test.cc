// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/loudness.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

TEST(Loudness, BlocksBelowTheGatesDoNotCount) {
  EXPECT_FALSE(integrated_of({}));
  EXPECT_FALSE(integrated_of({{-7100, 50}}));
  EXPECT_NEAR(integrated_of({{-2300, 10}}).value(), -23, 1e-9);
  // As in EBU Tech 3341, case 3: what is 13 LU quieter is below the relative gate.
  EXPECT_NEAR(integrated_of({{-3600, 100}, {-2300, 600}, {-9000, 500}}).value(), -23, 0.01);
}

TEST(Loudness, SoundsTogetherAreOneProgramme) {
  LoudnessBlocks sum{{-2000, 10}};
  add_blocks(sum, {{-2000, 5}, {-2600, 15}});
  EXPECT_EQ(sum, (LoudnessBlocks{{-2600, 15}, {-2000, 15}}));
  EXPECT_NEAR(integrated_of(sum).value(), -22.04, 0.01);
}

TEST(Loudness, ResultsRoundTrip) {
  LoudnessResult const result{"limited", 7.4, 2.1, 0.4, 2, {-23.4, {}, 7.2}, {-16.0, -1.6, {}}, {"a note"}};
  Json const json = result;
  EXPECT_TRUE(json.at("before").at("true_peak").is_null());
  auto const read = json.get<LoudnessResult>();
  EXPECT_EQ(Json(read), json);
  EXPECT_EQ(text_of(read), "-16.0 LUFS, -1.6 dBTP, +7.4 dB limited by up to 2.1 dB for 0.4 s");
  EXPECT_EQ(text_of(LoudnessFigures{}), "no LUFS, no dBTP, no LU");
}

TEST(Loudness, MeasurementsRoundTrip) {
  Measurement const measurement{{-20.5, -3.25, {}}, 12.5, {{-2050, 3}, {-7000, 1}}};
  Json const json = measurement;
  auto const read = json.get<Measurement>();
  EXPECT_EQ(read.figures, measurement.figures);
  EXPECT_EQ(read.seconds, measurement.seconds);
  EXPECT_EQ(read.blocks, measurement.blocks);
}

}  // namespace
}  // namespace reelmill
