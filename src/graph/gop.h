// SPDX-License-Identifier: GPL-3.0-or-later
// How a chunk of output frames is cut into closed groups of pictures, and what its size limits say about an encode.
#pragma once

#include <cstdint>
#include <vector>

#include "base/rational.h"

namespace reelmill {

// First frames of the GOPs of a chunk: round(length / 2 s), at least one, nearly equal. The first is 0.
std::vector<std::int64_t> gop_starts(std::int64_t frames, Rational rate);

// The H.264 level (ten times: 40 is 4.0) that a picture size, rate and ceiling need (ITU-T H.264 table A-1, High profile);
// 0 if none is enough. And the largest number of reference frames that level allows.
int h264_level(int width, int height, Rational rate, std::int64_t ceiling);
int h264_references(int level, int width, int height);

// The same of H.265, Main profile and Main tier (ITU-T H.265 tables A.8 and A.9).
int h265_level(int width, int height, Rational rate, std::int64_t ceiling);

// Judges one chunk alone against a ceiling of R bits a second: a bucket of one second of R that starts full must never
// run empty, and the mean must not exceed R. Any chunks that pass can be joined and hold a bucket of two seconds.
class CeilingJudge {
 public:
  CeilingJudge(std::int64_t ceiling, Rational rate);
  void add(std::int64_t bits);
  // Whether nothing seen so far breaks the ceiling, however the chunk goes on.
  bool holds() const { return holds_; }
  // The verdict on the whole chunk.
  bool passes() const;

 private:
  std::int64_t ceiling_;
  Rational rate_;
  // In bits × rate.num, so that the fill per frame is whole.
  std::int64_t capacity_, fullness_, fill_, used_ = 0, frames_ = 0;
  bool holds_ = true;
};

}  // namespace reelmill
