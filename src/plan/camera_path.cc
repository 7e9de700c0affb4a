// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/camera_path.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace reelmill {

namespace {
// A zoom that hides the borders of this share of a shot's frames; the few wildest show a mirrored sliver instead of
// making the whole shot narrower.
constexpr double hidden_share = 0.97;
constexpr double zoom_step = 0.001;

using Position = std::array<std::int64_t, 3>;  // x, y, angle in the units of Motion

std::int32_t smoothed(std::vector<Position> const& path, std::size_t at, std::size_t begin, std::size_t end, int smoothing,
                      std::size_t axis, std::vector<double> const& bell) {
  auto const back = std::min<std::int64_t>(smoothing, static_cast<std::int64_t>(at - begin));
  auto const ahead = std::min<std::int64_t>(smoothing, static_cast<std::int64_t>(end - 1 - at));
  // A weighted straight line through the window, read at its middle: at the ends of a shot, where the window is lopsided,
  // a steady pan stays a steady pan.
  double s0 = 0, s1 = 0, s2 = 0, y0 = 0, y1 = 0;
  for (std::int64_t k = -back; k <= ahead; ++k) {
    double const weight = bell[static_cast<std::size_t>(std::abs(k))];
    double const x = static_cast<double>(k);
    auto const there = path[static_cast<std::size_t>(static_cast<std::int64_t>(at) + k)][axis];
    double const y = static_cast<double>(there - path[at][axis]);
    s0 += weight, s1 += weight * x, s2 += weight * x * x;
    y0 += weight * y, y1 += weight * x * y;
  }
  double const determinant = s0 * s2 - s1 * s1;
  double const middle = determinant > 1e-9 ? (s2 * y0 - s1 * y1) / determinant : y0 / s0;
  return static_cast<std::int32_t>(std::lround(middle));
}

// How much larger the picture must be so that no corner of the view leaves it.
double zoom_needed(Correction const& c, int width, int height) {
  double const angle = std::abs(c.angle) * 1e-6;
  double const half_width = width / 2.0, half_height = height / 2.0;
  double const dx = std::abs(c.dx) / 256.0 + std::abs(c.dy) / 256.0 * angle,
               dy = std::abs(c.dy) / 256.0 + std::abs(c.dx) / 256.0 * angle;
  if (dx >= half_width || dy >= half_height) return 10;
  double const across = (half_width + half_height * angle) / (half_width - dx);
  double const down = (half_height + half_width * angle) / (half_height - dy);
  return std::max(across, down) - 1;
}

void zoom_shot(std::vector<Correction>& corrections, std::size_t begin, std::size_t end, int width, int height, double most) {
  std::vector<double> needed;
  for (auto i = begin; i < end; ++i) needed.push_back(zoom_needed(corrections[i], width, height));
  auto const rank = std::min(needed.size() - 1, static_cast<std::size_t>(static_cast<double>(needed.size()) * hidden_share));
  std::nth_element(needed.begin(), needed.begin() + static_cast<std::ptrdiff_t>(rank), needed.end());
  double const stepped = std::ceil(needed[rank] / zoom_step) * zoom_step;
  auto const zoom = static_cast<std::int32_t>(std::lround(std::min(stepped, most) * 1e6));
  for (auto i = begin; i < end; ++i) corrections[i].zoom = zoom;
}
}  // namespace

std::vector<Correction> steady_path(std::vector<Motion> const& motion, int width, int height, PathOptions const& options) {
  std::vector<Correction> corrections(motion.size());
  std::vector<double> bell;
  double const deviation = std::max(0.5, options.smoothing / 2.0);
  for (int k = 0; k <= options.smoothing; ++k) bell.push_back(std::exp(-0.5 * k * k / (deviation * deviation)));

  std::vector<Position> path(motion.size());
  for (std::size_t begin = 0; begin < motion.size();) {
    auto end = begin + 1;
    while (end < motion.size() && !motion[end].cut) ++end;
    path[begin] = {};
    for (auto i = begin + 1; i < end; ++i)
      path[i] = {path[i - 1][0] + motion[i].dx, path[i - 1][1] + motion[i].dy, path[i - 1][2] + motion[i].angle};
    for (auto i = begin; i < end; ++i) {
      corrections[i].dx = smoothed(path, i, begin, end, options.smoothing, 0, bell);
      corrections[i].dy = smoothed(path, i, begin, end, options.smoothing, 1, bell);
      corrections[i].angle = smoothed(path, i, begin, end, options.smoothing, 2, bell);
    }
    zoom_shot(corrections, begin, end, width, height, options.max_zoom);
    begin = end;
  }
  return corrections;
}

}  // namespace reelmill
