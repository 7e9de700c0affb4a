// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/weights.h"

#include <algorithm>
#include <cmath>

namespace reelmill {

namespace {
constexpr double full = 65536;

double ramp(double passed, double length) { return length > 0 ? std::clamp(passed / length, 0.0, 1.0) : 1; }
}  // namespace

std::vector<std::int32_t> weights_of(Envelope const& timing, SourceAnalysis const& analysis, Rational tick) {
  std::vector<std::int32_t> weights;
  if (analysis.pts.empty()) return weights;
  weights.reserve(analysis.pts.size());
  auto const seconds = [&](std::int64_t pts) { return (Rational(pts - analysis.pts.front()) * tick).value(); };
  double const until = timing.to > 0 ? timing.to : seconds(analysis.end);
  for (std::size_t i = 0; i < analysis.pts.size(); ++i) {
    double const begin = seconds(analysis.pts[i]);
    double const end = seconds(i + 1 < analysis.pts.size() ? analysis.pts[i + 1] : analysis.end);
    bool const inside = begin >= timing.from && begin < until;
    double part = inside ? std::min(ramp(begin - timing.from, timing.fade_in), ramp(until - end, timing.fade_out)) : 0;
    if (timing.inverted) part = 1 - part;
    weights.push_back(static_cast<std::int32_t>(std::lround(part * timing.strength * full)));
  }
  return weights;
}

std::map<std::string, std::vector<std::int32_t>> weights_of(PictureGraph const& graph, SourceAnalysis const& analysis,
                                                            Rational tick) {
  std::map<std::string, std::vector<std::int32_t>> all;
  for (auto const& node : graph.nodes) {
    auto const& id = std::visit([](auto const& n) -> std::string const& { return n.id; }, node);
    if (auto const timing = graph.timings.find(id); timing != graph.timings.end())
      all[id] = weights_of(timing->second, analysis, tick);
  }
  return all;
}

}  // namespace reelmill
