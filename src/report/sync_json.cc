// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/sync_json.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace {
double to(double digits, double value) {
  auto const rounded = std::round(value * digits) / digits;
  return rounded == 0 ? 0 : rounded;  // no minus before it
}
double milliseconds(double seconds) { return to(1e3, seconds * 1e3); }
double seconds(double value) { return to(1e3, value); }

double delay_at_begin(SyncFinding const& finding, SyncSegment const& segment) {
  return segment.offset + finding.drift * segment.from;
}

Json cuts_of(SyncFinding const& finding) {
  auto cuts = Json::array();
  for (std::size_t i = 1; i < finding.segments.size(); ++i) {
    auto const &before = finding.segments[i - 1], &after = finding.segments[i];
    cuts.push_back(
        {{"at", seconds(before.to)}, {"until", seconds(after.from)}, {"jump_ms", milliseconds(after.offset - before.offset)}});
  }
  return cuts;
}

// "1:02:03.4"
std::string clock_text(double at) {
  auto const tenths = static_cast<std::int64_t>(std::lround(at * 10));
  auto const second = tenths / 10;
  auto const tail = fmt::format("{:02}.{}", second % 60, tenths % 10);
  return second >= 3600 ? fmt::format("{}:{:02}:{}", second / 3600, second / 60 % 60, tail)
                        : fmt::format("{}:{}", second / 60, tail);
}
}  // namespace

Json json_of(SyncFinding const& finding) {
  bool const found = finding.outcome != SyncOutcome::refused;
  auto windows = Json::array(), segments = Json::array();
  for (auto const& window : finding.windows)
    windows.push_back({{"at", seconds(window.at)},
                       {"delay_ms", milliseconds(window.delay)},
                       {"strength", to(1e2, window.strength)},
                       {"agrees", window.agrees}});
  for (auto const& segment : finding.segments)
    segments.push_back({{"from", seconds(segment.from)},
                        {"to", seconds(segment.to)},
                        {"offset_ms", milliseconds(delay_at_begin(finding, segment))}});
  return {{"outcome", name_of(finding.outcome)},
          {"offset_ms", found ? Json(milliseconds(delay_at_begin(finding, finding.segments.front()))) : Json()},
          {"drift_ppm", found ? Json(to(1e2, finding.drift * 1e6)) : Json()},
          {"cuts", cuts_of(finding)},
          {"confidence", to(1e3, finding.confidence)},
          {"reason", finding.reason.empty() ? Json() : Json(finding.reason)},
          {"segments", segments},
          {"duration_a", seconds(finding.length_a)},
          {"duration_b", seconds(finding.length_b)},
          {"windows", windows}};
}

std::string sync_text(SyncFinding const& finding, std::string const& b) {
  auto const agreeing = std::count_if(finding.windows.begin(), finding.windows.end(), [](auto const& w) { return w.agrees; });
  auto const evidence =
      fmt::format("confidence  {:.2f}: {} of {} places agree\n", finding.confidence, agreeing, finding.windows.size());
  if (finding.outcome == SyncOutcome::refused) return fmt::format("refused     {}\n{}", finding.reason, evidence);
  if (finding.outcome == SyncOutcome::in_sync)
    return fmt::format("in sync     within {} ms from beginning to end\n{}", shortest(in_sync_within * 1e3), evidence);
  double const delay = delay_at_begin(finding, finding.segments.front());
  auto out =
      fmt::format("offset      {} {} by {:.3f} ms\n", delay >= 0 ? "delay" : "advance", printable(b), std::abs(delay) * 1e3);
  out += fmt::format("drift       {:+.2f} ppm: the delay {} by {:.1f} ms in an hour\n", finding.drift * 1e6,
                     finding.drift < 0 ? "shrinks" : "grows", std::abs(finding.drift) * 3600e3);
  for (std::size_t i = 1; i < finding.segments.size(); ++i)
    out += fmt::format("cut         at {}: from there on by {:+.3f} ms more\n", clock_text(finding.segments[i - 1].to),
                       (finding.segments[i].offset - finding.segments[i - 1].offset) * 1e3);
  return out + evidence;
}

}  // namespace reelmill
