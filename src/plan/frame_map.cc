// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/frame_map.h"

namespace reelmill {

namespace {
__extension__ using Wide = __int128;  // ticks times frames
}

std::vector<std::vector<std::int32_t>> frame_maps(SourceAnalysis const& analysis, Rational time_base,
                                                  std::vector<Interval> const& intervals, Rational rate) {
  std::vector<std::vector<std::int32_t>> maps;
  auto const begin_of_film = analysis.pts.front();
  auto const border = [&](std::int64_t pts) { return round(Rational(pts - begin_of_film) * time_base * rate); };
  for (auto const& interval : intervals) {
    auto const first = static_cast<std::size_t>(interval.first), after = first + static_cast<std::size_t>(interval.count);
    auto const begin = analysis.pts[first];
    auto const end = after < analysis.pts.size() ? analysis.pts[after] : analysis.end;
    auto const frames = border(end) - border(begin);
    std::vector<std::int32_t> map;
    map.reserve(static_cast<std::size_t>(frames));
    // Output frame j is shown from j to j+1 of `frames` equal parts; it is the source frame shown at the middle of that.
    auto const has_begun = [&](std::size_t frame, std::int64_t j) {
      return Wide(analysis.pts[frame] - begin) * 2 * frames <= Wide(end - begin) * (2 * j + 1);
    };
    std::size_t at = first;
    for (std::int64_t j = 0; j < frames; ++j) {
      while (at + 1 < after && has_begun(at + 1, j)) ++at;
      map.push_back(static_cast<std::int32_t>(at - first));
    }
    maps.push_back(std::move(map));
  }
  return maps;
}

}  // namespace reelmill
