// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/gop.h"

#include <algorithm>
#include <array>

namespace reelmill {

namespace {
struct Level {
  int level;
  std::int64_t macroblocks_per_second, macroblocks, decoded_macroblocks, kilobits;
};
constexpr std::array levels{
    Level{10, 1485, 99, 396, 64},
    Level{11, 3000, 396, 900, 192},
    Level{12, 6000, 396, 2376, 384},
    Level{13, 11880, 396, 2376, 768},
    Level{20, 11880, 396, 2376, 2000},
    Level{21, 19800, 792, 4752, 4000},
    Level{22, 20250, 1620, 8100, 4000},
    Level{30, 40500, 1620, 8100, 10000},
    Level{31, 108000, 3600, 18000, 14000},
    Level{32, 216000, 5120, 20480, 20000},
    Level{40, 245760, 8192, 32768, 20000},
    Level{42, 522240, 8704, 34816, 50000},
    Level{50, 589824, 22080, 110400, 135000},
    Level{51, 983040, 36864, 184320, 240000},
    Level{52, 2073600, 36864, 184320, 240000},
};

struct H265Level {
  int level;
  std::int64_t luma_samples_per_second, luma_samples, kilobits;
};
constexpr std::array h265_levels{
    H265Level{10, 552960, 36864, 128},           H265Level{20, 3686400, 122880, 1500},
    H265Level{21, 7372800, 245760, 3000},        H265Level{30, 16588800, 552960, 6000},
    H265Level{31, 33177600, 983040, 10000},      H265Level{40, 66846720, 2228224, 12000},
    H265Level{41, 133693440, 2228224, 20000},    H265Level{50, 267386880, 8912896, 25000},
    H265Level{51, 534773760, 8912896, 40000},    H265Level{52, 1069547520, 8912896, 60000},
    H265Level{60, 1069547520, 35651584, 60000},  H265Level{61, 2139095040, 35651584, 120000},
    H265Level{62, 4278190080, 35651584, 240000},
};

std::int64_t macroblocks(int width, int height) { return std::int64_t{(width + 15) / 16} * ((height + 15) / 16); }
}  // namespace

std::vector<std::int64_t> gop_starts(std::int64_t frames, Rational rate) {
  auto const count = std::max<std::int64_t>(1, round(Rational(frames) / rate / Rational(2)));
  std::vector<std::int64_t> starts;
  for (std::int64_t i = 0; i < count; ++i) starts.push_back(i * frames / count);
  return starts;
}

int h264_level(int width, int height, Rational rate, std::int64_t ceiling) {
  auto const size = macroblocks(width, height);
  auto const side = macroblocks(std::max(width, height), 1);
  for (auto const& row : levels) {
    bool const fast_enough = Rational(size) * rate <= Rational(row.macroblocks_per_second);
    bool const wide_enough = ceiling * 4 <= row.kilobits * 1000 * 5;  // High allows 1.25 times Main
    bool const fits = size <= row.macroblocks && side * side <= 8 * row.macroblocks;
    if (fits && fast_enough && wide_enough) return row.level;
  }
  return 0;
}

int h264_references(int level, int width, int height) {
  for (auto const& row : levels)
    if (row.level == level)
      return static_cast<int>(std::clamp<std::int64_t>(row.decoded_macroblocks / macroblocks(width, height), 1, 16));
  return 1;
}

int h265_level(int width, int height, Rational rate, std::int64_t ceiling) {
  auto const size = std::int64_t{width} * height;
  auto const side = std::int64_t{std::max(width, height)};
  for (auto const& row : h265_levels) {
    bool const fast_enough = Rational(size) * rate <= Rational(row.luma_samples_per_second);
    bool const fits = size <= row.luma_samples && side * side <= 8 * row.luma_samples;
    if (fits && fast_enough && ceiling <= row.kilobits * 1000) return row.level;
  }
  return 0;
}

CeilingJudge::CeilingJudge(std::int64_t ceiling, Rational rate)
    : ceiling_(ceiling), rate_(rate), capacity_(ceiling * rate.num), fullness_(capacity_), fill_(ceiling * rate.den) {}

void CeilingJudge::add(std::int64_t bits) {
  ++frames_;
  used_ += bits;
  fullness_ -= bits * rate_.num;
  if (fullness_ < 0) holds_ = false;
  fullness_ = std::min(capacity_, fullness_ + fill_);
}

bool CeilingJudge::passes() const { return holds_ && Rational(used_) <= Rational(ceiling_) * Rational(frames_) / rate_; }

}  // namespace reelmill
