// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/preview.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace {
Result<Shown> part_of(std::vector<std::int64_t> const& pts, std::int64_t end, Rational tick, TimeRange const& range) {
  auto const at = [&](Rational seconds) {
    auto const found =
        std::find_if(pts.begin(), pts.end(), [&](std::int64_t time) { return Rational(time - pts.front()) * tick >= seconds; });
    return found == pts.end() ? end : *found;
  };
  Shown const part{at(range.from), range.to ? at(*range.to) : end};
  if (part.first < part.end) return part;
  auto const seconds = (Rational(end - pts.front()) * tick).value();
  return Error{.kind = ErrorKind::usage,
               .what = part.first == end
                           ? fmt::format("--from {} s: the film is {:.2f} s long", shortest(range.from.value()), seconds)
                           : fmt::format("--from {} s --to {} s: no frame is shown between them", shortest(range.from.value()),
                                         shortest(range.to->value()))};
}
}  // namespace

Result<Shown> part_of(SourceIndex const& index, Rational speed, TimeRange const& range) {
  std::vector<std::int64_t> pts;
  for (auto const& packet : index.packets)
    if (!packet.discard) pts.push_back(packet.pts);
  std::sort(pts.begin(), pts.end());
  if (pts.empty()) return shown(index);
  return part_of(pts, shown(index).end, index.video.front().time_base / speed, range);
}

Result<Span> part_of(Span const& sound, Rational speed, TimeRange const& range) {
  auto const to = std::min(range.to.value_or(sound.duration), sound.duration);
  if (range.from < to) return Span{sound.start + range.from * speed, to - range.from, range.from, sound.duration};
  return Error{
      .kind = ErrorKind::usage,
      .what = fmt::format("--from {} s: the sound is {:.2f} s long", shortest(range.from.value()), sound.duration.value())};
}

Rational whole_length(SourceIndex const& index, SourceAnalysis const& analysis, Rational speed) {
  auto const whole = analysis.pts.empty() ? shown(index) : Shown{analysis.pts.front(), analysis.end};
  return Rational(whole.end - whole.first) * index.video.front().time_base / speed;
}

Result<Shown> part_of(SourceAnalysis const& analysis, Rational tick, TimeRange const& range) {
  return part_of(analysis.pts, analysis.end, tick, range);
}

TimeRange ended_by(std::optional<TimeRange> const& range, Rational end) {
  auto out = range.value_or(TimeRange{});
  out.to = std::min(out.to.value_or(end), end);
  return out;
}

std::vector<Interval> within(std::vector<Interval> intervals, Margins const& margins, SourceAnalysis const& analysis,
                             Shown const& part) {
  auto const frame_at = [&](std::int64_t pts) {
    return std::lower_bound(analysis.pts.begin(), analysis.pts.end(), pts) - analysis.pts.begin();
  };
  auto const first = frame_at(part.first), end = frame_at(part.end);
  for (auto& interval : intervals) {
    auto const last = std::min(interval.first + interval.count, end);
    interval.first = std::max(interval.first, first);
    interval.count = last - interval.first;
    auto const frames = static_cast<std::int64_t>(analysis.pts.size());
    interval.lead_in = static_cast<int>(std::min<std::int64_t>(margins.before, interval.first));
    interval.lead_out = static_cast<int>(std::min<std::int64_t>(margins.after, frames - last));
  }
  std::erase_if(intervals, [](Interval const& interval) { return interval.count <= 0; });
  return intervals;
}

}  // namespace reelmill
