// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/new_sound.h"

#include <gtest/gtest.h>

#include "plan/preview.h"

namespace reelmill {
namespace {

OtherSound recording(Rational length) { return {{"/b.wav", 0, Rational(1, 2)}, {}, length}; }

SyncFinding found(double drift, std::vector<SyncSegment> segments) {
  SyncFinding finding;
  finding.outcome = SyncOutcome::offset;
  finding.drift = drift;
  finding.segments = std::move(segments);
  finding.length_a = 100;
  return finding;
}

// What of the recording is heard at an instant of the film.
double heard_at(SoundPiece const& piece, double t) { return piece.at.value() + (t - piece.from.value()) * piece.rate.value(); }

TEST(NewSound, PlusDelaysAndMinusAdvances) {
  auto const later = pieces_at(Rational(12, 100), 10, recording(30));
  ASSERT_EQ(later.size(), 1U);
  EXPECT_EQ(later[0], (SoundPiece{Rational(1012, 100), Rational(4012, 100), Rational(1, 2), 1}));
  auto const earlier = pieces_at(Rational(-1, 2), 10, recording(30));
  EXPECT_EQ(earlier[0].from, Rational(19, 2));
  EXPECT_EQ(end_of(earlier, 10), Rational(79, 2));
  EXPECT_EQ(end_of({}, 10), Rational(10));
}

TEST(NewSound, WithoutDriftEverySampleStaysWhatItIs) {
  for (double const drift : {0.0, 1e-6, -4e-6}) {
    auto const pieces = pieces_of(found(drift, {{2.0, 90, 2.0000071}}), 10, recording(95), 48000);
    ASSERT_EQ(pieces.size(), 1U);
    EXPECT_EQ(pieces[0].rate, Rational(1));
    EXPECT_EQ(((pieces[0].at - Rational(1, 2)) * 48000).den, 1);
    EXPECT_NEAR(heard_at(pieces[0], 10 + 46), 0.5 + 46 - (2.0000071 + drift * 46), 0.5 / 48000 + 1e-9);
  }
}

TEST(NewSound, DriftIsARateAndTheWholeRecordingIsHeard) {
  double const drift = 150e-6;
  auto const pieces = pieces_of(found(drift, {{5, 90, 5}}), 0, recording(95), 48000);
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_EQ(pieces[0].rate, Rational(99985, 100000));
  for (double const t : {6.0, 50.0, 90.0}) EXPECT_NEAR(heard_at(pieces[0], t), 0.5 + t - (5 + drift * t), 1e-6);
  EXPECT_NEAR(heard_at(pieces[0], pieces[0].from.value()), 0.5, 3e-5);
  EXPECT_NEAR(heard_at(pieces[0], pieces[0].to.value()), 95.5, 3e-5);
}

TEST(NewSound, CutsBecomePieces) {
  auto const pieces = pieces_of(found(0, {{1, 30, 1}, {32.5, 90, 3.5}}), 0, recording(80), 48000);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].to, Rational(30));
  EXPECT_EQ(pieces[1].from, Rational(65, 2));
  EXPECT_NEAR(heard_at(pieces[0], 29), 28.5, 1e-9);
  EXPECT_NEAR(heard_at(pieces[1], 40), 37, 1e-9);
  EXPECT_NEAR(end_of(pieces, 0).value(), 83.5, 3e-5);
}

TEST(NewSound, ADifferenceOfMoreThanASecondIsTold) {
  NewSound wish{.file = "/x/b.wav", .offset = 0};
  EXPECT_TRUE(new_sound_notes(wish, nullptr, 10, Rational(21, 2)).empty());
  ASSERT_EQ(new_sound_notes(wish, nullptr, 10, 8).size(), 1U);
  EXPECT_NE(new_sound_notes(wish, nullptr, 10, 8)[0].find("b.wav ends 2.0 s before the picture"), std::string::npos);
  EXPECT_NE(new_sound_notes(wish, nullptr, 10, 13)[0].find("the film ends with the picture"), std::string::npos);
}

TEST(Preview, EndsNoLaterThanTheSound) {
  EXPECT_EQ(*ended_by(std::nullopt, 7).to, Rational(7));
  EXPECT_EQ(*ended_by(TimeRange{2, Rational(5)}, 7).to, Rational(5));
  EXPECT_EQ(*ended_by(TimeRange{2, Rational(9)}, 7).to, Rational(7));
  EXPECT_EQ(ended_by(TimeRange{2, Rational(9)}, 7).from, Rational(2));
}

}  // namespace
}  // namespace reelmill
