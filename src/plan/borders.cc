// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/borders.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>

namespace reelmill {

namespace {
constexpr double shortest = 2, target = 4, longest = 8;  // seconds

struct Point {
  std::int64_t pts;
  SeekPoint seek;
  Access access;
};

double seconds(std::int64_t span, Rational time_base) { return static_cast<double>(span) * time_base.value(); }

std::vector<Point> access_points(SourceIndex const& index) {
  std::vector<Point> points;
  for (auto const& packet : index.packets)
    if (packet.access != Access::none && !packet.discard)
      points.push_back({packet.pts, {packet.pts, packet.dts, packet.hash}, packet.access});
  std::stable_sort(points.begin(), points.end(), [](Point const& a, Point const& b) { return a.pts < b.pts; });
  return points;
}

// Whether an access point is a border: always where points are rare, by its hash where they are dense, so that the mean
// distance comes near the target.
bool is_chosen(Point const& point, double since_point_before) {
  double const chance = since_point_before / (target - shortest);
  if (chance >= 1) return true;
  constexpr double whole = 18446744073709551616.0;
  return static_cast<double>(point.seek.hash) < chance * whole;
}

std::vector<Border> choose(SourceIndex const& index, std::vector<Point> const& points) {
  auto const time_base = index.video.front().time_base;
  auto const& start = index.packets.front();
  auto const [first, end] = shown(index);
  // Decoding starts at the first packet, wherever the first frame that is shown lies.
  std::vector<Border> borders{{first, {start.pts, start.dts, start.hash}, Access::closed}};
  for (std::size_t at = 0; at < points.size();) {
    auto const from = borders.back().pts;
    std::optional<std::size_t> chosen, fallback;
    std::size_t i = at;
    for (; i < points.size() && !chosen; ++i) {
      double const span = seconds(points[i].pts - from, time_base);
      if (span < shortest) continue;
      if (span > longest) break;
      auto const before = i > 0 ? points[i - 1].pts : from;
      if (is_chosen(points[i], seconds(points[i].pts - before, time_base))) chosen = i;
      if (!fallback || points[i].seek.hash < points[*fallback].seek.hash) fallback = i;
    }
    if (!chosen) {
      if (seconds(end - from, time_base) <= longest) break;
      if (!fallback && i == points.size()) break;
      chosen = fallback ? *fallback : i;  // the least hash within the maximum; else the next point there is
    }
    borders.push_back({points[*chosen].pts, points[*chosen].seek, points[*chosen].access});
    at = *chosen + 1;
  }
  bool const stub_at_end = borders.size() > 1 && seconds(end - borders.back().pts, time_base) < shortest;
  if (stub_at_end) borders.pop_back();
  return borders;
}

// Cuts groups longer than the maximum at equal steps in time.
std::vector<Border> with_cuts_inside(SourceIndex const& index, std::vector<Border> const& borders) {
  auto const time_base = index.video.front().time_base;
  std::vector<Border> out;
  for (std::size_t i = 0; i < borders.size(); ++i) {
    out.push_back(borders[i]);
    auto const end = i + 1 < borders.size() ? borders[i + 1].pts : shown(index).end;
    auto const span = end - borders[i].pts;
    if (seconds(span, time_base) <= longest) continue;
    auto const pieces = static_cast<std::int64_t>(seconds(span, time_base) / target + 0.5);
    for (std::int64_t piece = 1; piece < pieces; ++piece)
      out.push_back({borders[i].pts + span * piece / pieces, borders[i].seek, borders[i].access, true});
  }
  return out;
}
}  // namespace

Shown shown(SourceIndex const& index) {
  Shown out{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
  for (auto const& packet : index.packets) {
    if (packet.discard) continue;
    out.first = std::min(out.first, packet.pts);
    out.end = std::max(out.end, packet.pts + packet.duration);
  }
  return out;
}

std::vector<Border> find_borders(SourceIndex const& index) {
  return with_cuts_inside(index, choose(index, access_points(index)));
}

std::vector<SeekPoint> unproved(std::vector<Border> const& borders) {
  std::vector<SeekPoint> points;
  for (auto const& border : borders)
    if (border.access == Access::open && !border.inside_gop) points.push_back(border.seek);
  return points;
}

std::vector<Border> proved_borders(SourceIndex const& index, std::vector<std::int32_t> const& proved) {
  auto chosen = choose(index, access_points(index));
  std::size_t asked = 0;
  std::erase_if(chosen, [&](Border const& border) {
    if (border.access != Access::open) return false;
    bool const holds = asked < proved.size() && proved[asked] == 1;
    ++asked;
    return !holds;
  });
  return with_cuts_inside(index, chosen);
}

std::vector<Interval> cut(SourceAnalysis const& analysis, std::vector<Border> const& borders) {
  std::vector<Interval> intervals;
  auto const count = static_cast<std::int64_t>(analysis.pts.size());
  auto const frame_at = [&](std::int64_t pts) {
    return std::lower_bound(analysis.pts.begin(), analysis.pts.end(), pts) - analysis.pts.begin();
  };
  for (std::size_t i = 0; i < borders.size(); ++i) {
    std::int64_t const first = i == 0 ? 0 : frame_at(borders[i].pts);
    std::int64_t const end = i + 1 < borders.size() ? frame_at(borders[i + 1].pts) : count;
    if (end > first) intervals.push_back({first, end - first, borders[i].seek});
  }
  return intervals;
}

std::vector<Interval> with_margins(std::vector<Interval> intervals, int before, int after, SourceAnalysis const& analysis,
                                   SourceIndex const& index) {
  auto points = access_points(index);
  std::erase_if(points, [](Point const& point) { return point.access == Access::open; });
  auto const frames = static_cast<std::int64_t>(analysis.pts.size());
  auto const plain = intervals;
  for (auto& interval : intervals) {
    interval.lead_in = static_cast<int>(std::min<std::int64_t>(before, interval.first));
    interval.lead_out = static_cast<int>(std::min<std::int64_t>(after, frames - interval.first - interval.count));
    if (interval.lead_in == 0) continue;
    auto const first = interval.first - interval.lead_in;
    auto const after_holder =
        std::upper_bound(plain.begin(), plain.end(), first, [](std::int64_t at, Interval const& i) { return at < i.first; });
    interval.seek = std::prev(after_holder)->seek;
    auto const pts = analysis.pts[static_cast<std::size_t>(first)];
    auto const after_it =
        std::upper_bound(points.begin(), points.end(), pts, [](std::int64_t at, Point const& point) { return at < point.pts; });
    if (after_it != points.begin() && std::prev(after_it)->pts > interval.seek.pts) interval.seek = std::prev(after_it)->seek;
  }
  return intervals;
}

}  // namespace reelmill
