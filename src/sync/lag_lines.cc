// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/lag_lines.h"

#include <algorithm>
#include <cmath>

namespace reelmill {

namespace {
constexpr double noise = 3.5, certain = 8;  // deviations
constexpr double cut_costs = 2;             // weights of windows: what a line must gain to be worth a cut
constexpr std::size_t most_lines = 16;
constexpr std::size_t fewest = 3;  // windows on a line

struct Point {
  std::size_t window = 0;
  double at = 0, lag = 0, weight = 0;
};

std::vector<Point> points_of(std::vector<WindowLags> const& windows) {
  std::vector<Point> out;
  for (std::size_t i = 0; i < windows.size(); ++i)
    for (auto const& peak : windows[i].peaks)
      if (double const weight = weight_of(peak.strength); weight > 0) out.push_back({i, windows[i].at, peak.lag, weight});
  return out;
}

struct Level {  // of lag less slope · t
  double middle = 0, weight = 0;
};

// Where the levels crowd, the most crowded first.
std::vector<Level> crowds(std::vector<Point> const& points, double slope, std::size_t most) {
  std::vector<std::pair<double, double>> levels;
  for (auto const& point : points) levels.emplace_back(point.lag - slope * point.at, point.weight);
  std::sort(levels.begin(), levels.end());
  std::vector<Level> out;
  std::vector<bool> taken(levels.size(), false);
  while (out.size() < most) {
    Level best;
    std::size_t best_from = 0, best_to = 0;
    double weight = 0;
    for (std::size_t from = 0, to = 0; from < levels.size(); ++from) {
      for (; to < levels.size() && levels[to].first <= levels[from].first + line_width; ++to)
        weight += taken[to] ? 0 : levels[to].second;
      if (weight > best.weight + 1e-12) best = {0, weight}, best_from = from, best_to = to;
      weight -= taken[from] ? 0 : levels[from].second;
    }
    if (best.weight <= 0) break;
    double sum = 0;
    for (auto i = best_from; i < best_to; ++i) {
      if (!taken[i]) sum += levels[i].first * levels[i].second;
      taken[i] = true;
    }
    best.middle = sum / best.weight;
    out.push_back(best);
  }
  return out;
}

// The slope at which the levels crowd most.
double best_slope(std::vector<Point> const& points, SlopeRange const& range, double span) {
  double const step = span > 0 ? 0.3 * line_width / span : 0;
  if (step <= 0 || range.to_either_side <= 0) return range.middle;
  auto const steps = static_cast<int>(std::ceil(range.to_either_side / step));
  double best = range.middle, best_score = -1;
  for (int i = -steps; i <= steps; ++i) {
    double const slope = range.middle + step * i;
    double score = 0;
    for (auto const& crowd : crowds(points, slope, 3)) score += crowd.weight * crowd.weight;
    // Of equals the flattest.
    if (score > best_score * 1.0001 || (score > best_score * 0.9999 && std::abs(slope) < std::abs(best)))
      best = slope, best_score = std::max(score, best_score);
  }
  return best;
}

// For each window which of the levels it belongs to, so that cuts are few.
class Path {
 public:
  Path(std::vector<WindowLags> const& windows, double slope, std::vector<Level> const& levels)
      : windows_(windows), slope_(slope), levels_(levels) {}

  std::vector<std::size_t> run() {
    auto const count = levels_.size();
    std::vector<double> scores(count, 0);
    std::vector<std::vector<std::size_t>> from;
    for (auto const& window : windows_) {
      auto const best = static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
      auto& came = from.emplace_back(count);
      std::vector<double> next(count);
      for (std::size_t level = 0; level < count; ++level) {
        bool const stays = scores[level] >= scores[best] - cut_costs;
        came[level] = stays ? level : best;
        next[level] = (stays ? scores[level] : scores[best] - cut_costs) + gain(window, level);
      }
      scores = std::move(next);
    }
    std::vector<std::size_t> out(windows_.size());
    auto at = static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
    for (auto i = windows_.size(); i-- > 0;) {
      out[i] = at;
      at = from[i][at];
    }
    return out;
  }

 private:
  double gain(WindowLags const& window, std::size_t level) const {
    double best = 0;
    for (auto const& peak : window.peaks)
      if (std::abs(peak.lag - slope_ * window.at - levels_[level].middle) <= line_width)
        best = std::max(best, weight_of(peak.strength));
    return best;
  }

  std::vector<WindowLags> const& windows_;
  double slope_;
  std::vector<Level> const& levels_;
};

struct Member {
  std::size_t window;
  double at, lag, weight;
};

// Runs with too few windows are no lines; what lies on one level before and after such a run is one line.
void keep_lines(std::vector<std::vector<Member>>& members, std::vector<double>& offsets) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].size() < fewest) continue;
    if (kept > 0 && offsets[kept - 1] == offsets[i]) {
      members[kept - 1].insert(members[kept - 1].end(), members[i].begin(), members[i].end());
      continue;
    }
    if (kept != i) members[kept] = std::move(members[i]), offsets[kept] = offsets[i];
    ++kept;
  }
  members.resize(kept);
  offsets.resize(kept);
}

// One slope and an offset for each line, by least squares, twice without what lies far off.
void fit(std::vector<std::vector<Member>> const& members, double& slope, std::vector<double>& offsets, double slope_limit) {
  double within = line_width;
  double const first_slope = slope;
  for (int round = 0; round < 3; ++round, within = std::max(0.0004, within / 2)) {
    double above = 0, below = 0;
    std::vector<double> lags(members.size()), times(members.size()), weights(members.size());
    for (std::size_t line = 0; line < members.size(); ++line) {
      auto const is_near = [&](Member const& m) { return std::abs(m.lag - offsets[line] - slope * m.at) <= within; };
      for (auto const& m : members[line])
        if (is_near(m)) lags[line] += m.weight * m.lag, times[line] += m.weight * m.at, weights[line] += m.weight;
      if (weights[line] <= 0) continue;
      lags[line] /= weights[line];
      times[line] /= weights[line];
      for (auto const& m : members[line])
        if (is_near(m)) {
          above += m.weight * (m.at - times[line]) * (m.lag - lags[line]);
          below += m.weight * (m.at - times[line]) * (m.at - times[line]);
        }
    }
    if (below > 0) slope = std::clamp(above / below, first_slope - slope_limit, first_slope + slope_limit);
    for (std::size_t line = 0; line < members.size(); ++line)
      if (weights[line] > 0) offsets[line] = lags[line] - slope * times[line];
  }
}
}  // namespace

double weight_of(double strength) { return std::clamp((strength - noise) / (certain - noise), 0.0, 1.0); }

LagLines fit_lines(std::vector<WindowLags> const& windows, SlopeRange const& slopes) {
  LagLines out;
  out.slope = slopes.middle;
  out.line_of.assign(windows.size(), -1);
  out.lag_of.assign(windows.size(), 0);
  auto const points = points_of(windows);
  if (points.empty()) return out;
  double const span = windows.back().at - windows.front().at;
  out.slope = best_slope(points, slopes, span);
  auto levels = crowds(points, out.slope, most_lines);
  auto const path = Path(windows, out.slope, levels).run();

  // Runs on one level become lines; those with too few windows are none.
  std::vector<std::vector<Member>> members;
  std::vector<double> offsets;
  std::size_t run_level = 0;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (i == 0 || path[i] != run_level) {
      run_level = path[i];
      members.emplace_back();
      offsets.push_back(levels[run_level].middle);
    }
    Member best{i, windows[i].at, 0, 0};
    for (auto const& peak : windows[i].peaks)
      if (std::abs(peak.lag - out.slope * windows[i].at - offsets.back()) <= line_width && weight_of(peak.strength) > best.weight)
        best.lag = peak.lag, best.weight = weight_of(peak.strength);
    if (best.weight > 0) members.back().push_back(best);
  }
  keep_lines(members, offsets);
  fit(members, out.slope, offsets, span > 0 ? 2 * line_width / span : 0);
  for (std::size_t line = 0; line < members.size(); ++line) {
    auto const& mine = members[line];
    out.lines.push_back({offsets[line], mine.front().window, mine.back().window, mine.size()});
    for (auto const& m : mine) {
      out.line_of[m.window] = static_cast<int>(line);
      out.lag_of[m.window] = m.lag;
    }
  }
  return out;
}

}  // namespace reelmill
