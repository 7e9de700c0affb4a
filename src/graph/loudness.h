// SPDX-License-Identifier: GPL-3.0-or-later
// How loud sound is and is to be, by ITU-R BS.1770 and EBU R 128: integrated loudness in LUFS, true peak in dBTP, loudness range
// in LU. A decibel of gain is a LU of loudness.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace reelmill {

// What is asked for. The modes:
//   limit    one gain for the whole sound; peaks above the ceiling are limited, and nothing else is touched
//   linear   one gain and no limiter: where the ceiling forbids it, the target is not reached
//   dynamic  first brought to `range` by raising what is quiet and lowering what is loud, then as `limit`
//   gain     `gain` dB, whatever the loudness; peaks are limited
struct Loudness {
  std::string mode = "limit";
  double integrated = -16;
  double true_peak = -1.5;  // never exceeded, also after the encode
  double range = 11;
  double gain = 0;
  friend bool operator==(Loudness const&, Loudness const&) = default;
};

// What is measured. Nothing where it cannot be said: silence has no loudness and no peak, a sound of less than 0.4 s no loudness,
// one of less than 3 s no range.
struct LoudnessFigures {
  std::optional<double> integrated, true_peak, range;
  friend bool operator==(LoudnessFigures const&, LoudnessFigures const&) = default;
};

// What became of one encode. `after` is of the encode as a player decodes it.
struct LoudnessResult {
  std::string mode;         // linear, limited, dynamic; skipped: left as loud as it was
  double gain = 0;          // dB, for the whole sound; of mode dynamic in the mean
  double limited = 0;       // dB, the most that the limiter took away
  double limited_time = 0;  // seconds in which it took something away
  int encodes = 1;          // how many were made until the figures were right
  LoudnessFigures before, after;
  std::vector<std::string> notes{};  // what a person should know: why it was left, what was not reached
};

// Loudness of each block of 0.4 s, a tenth of a second apart: hundredths of LUFS → how many blocks. Those of several sounds
// together say how loud these are as one programme.
using LoudnessBlocks = std::map<std::int32_t, std::int64_t>;

struct Measurement {
  LoudnessFigures figures;
  double seconds = 0;
  LoudnessBlocks blocks;
};

// The integrated loudness of all blocks together, gated as BS.1770-4 says; nothing where all are below the absolute gate.
std::optional<double> integrated_of(LoudnessBlocks const& blocks);
void add_blocks(LoudnessBlocks& sum, LoudnessBlocks const& more);

// "-16.0 LUFS, -1.6 dBTP, 7.2 LU".
std::string text_of(LoudnessFigures const& figures);
// "-16.0 LUFS, -1.6 dBTP, +7.4 dB limited by up to 2.1 dB for 0.4 s".
std::string text_of(LoudnessResult const& result);

void to_json(Json& json, LoudnessFigures const& figures);
void to_json(Json& json, LoudnessResult const& result);
void from_json(Json const& json, LoudnessResult& result);
void to_json(Json& json, Measurement const& measurement);
void from_json(Json const& json, Measurement& measurement);

}  // namespace reelmill
