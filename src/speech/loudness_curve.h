// SPDX-License-Identifier: GPL-3.0-or-later
// How loud a sound is from 10 ms to 10 ms, and where it begins to be: people hear a word's beginning where the loudness rises.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace reelmill::speech {

class LoudnessCurve {
 public:
  explicit LoudnessCurve(std::span<float const> sound);  // at 16 kHz
  // dB, smoothed over 30 ms.
  double at(std::int64_t ms) const;
  // The steepest rise within `reach` of `ms`, or `ms` itself where the loudness does not rise by 6 dB.
  std::int64_t rise_near(std::int64_t ms, std::int64_t reach) const;
  // The first instant in [from, to) that is louder than the sound before `from` and within reach of the loudest in it; `from`
  // where none is.
  std::int64_t first_sound(std::int64_t from, std::int64_t to) const;
  // The same from behind: where the last sound in [from, to) ends.
  std::int64_t last_sound(std::int64_t from, std::int64_t to) const;

 private:
  std::vector<float> decibels_;  // a value for each step
};

}  // namespace reelmill::speech
