// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/lay_out.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "captions/caption_file.h"
#include "captions/check.h"
#include "captions/clock_text.h"
#include "captions/cue_cutter.h"
#include "captions/cue_times.h"
#include "captions/line_breaker.h"
#include "captions/pieces.h"

namespace reelmill {

namespace {

// What no profile file can say, but a struct can.
CaptionProfile possible(CaptionProfile profile) {
  profile.line_length = std::clamp(profile.line_length, 2, 10'000);
  profile.lines = std::clamp(profile.lines, 1, 100);
  if (!(profile.reading_speed >= 0.1)) profile.reading_speed = 0.1;
  profile.shortest = std::clamp<std::int64_t>(profile.shortest, 1, 3'600'000);
  profile.longest = std::clamp<std::int64_t>(profile.longest, profile.shortest, 3'600'000);
  profile.gap_frames = std::clamp(profile.gap_frames, 0, 1000);
  profile.snap_frames = std::clamp(profile.snap_frames, 0, 1000);
  profile.chain_frames = std::clamp(profile.chain_frames, 0, 1000);
  profile.earlier = std::clamp<std::int64_t>(profile.earlier, 0, 10'000);
  profile.later = std::clamp<std::int64_t>(profile.later, 0, 10'000);
  return profile;
}

// No wider than a line, and no more than can be read while a cue may be shown.
int widest_piece(CaptionProfile const& profile) {
  double const readable = profile.reading_speed * static_cast<double>(profile.longest) / 1000;
  return std::max(2, static_cast<int>(std::min<double>(profile.line_length, std::floor(readable))));
}

}  // namespace

std::vector<Cue> lay_out(Transcript const& transcript, CaptionProfile const& wanted, CueClock const& clock,
                         std::vector<std::string>* notes) {
  auto const profile = possible(wanted);
  auto const pieces = pieces_of(transcript, widest_piece(profile));
  if (pieces.empty()) return {};
  auto sorted = clock;
  std::sort(sorted.shots.begin(), sorted.shots.end());
  FrameGrid const grid(sorted.rate);
  auto const end = transcript.length > 0 ? std::min(transcript.length, latest_caption) : 0;
  auto const in_milliseconds = [&](int frames) {
    return static_cast<std::int64_t>(std::ceil(static_cast<double>(grid.from_clock_frames(frames)) * grid.frame_length()));
  };
  LineBreaker const breaker(pieces, profile.line_length, profile.lines);
  CuttingRules rules{.profile = profile,
                     .gap = in_milliseconds(profile.gap_frames),
                     .snap = in_milliseconds(profile.snap_frames),
                     .shots = sorted.shots,
                     .end = end};
  auto begins = cut_into_cues(pieces, breaker, rules);
  if (!have_room(begins.size(), profile, grid, end)) {
    rules.as_few_as_can_be = true;
    begins = cut_into_cues(pieces, breaker, rules);
  }
  Captions out{transcript.language, {}};
  std::vector<SpokenCue> spoken;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    auto const last = i + 1 < begins.size() ? begins[i + 1] : pieces.size();
    out.cues.push_back({0, 0, breaker.text(begins[i], last)});
    spoken.push_back({pieces[begins[i]].from, pieces[last - 1].to, reading_length(out.cues.back().text)});
  }
  auto const times = times_of(spoken, profile, sorted, end);
  for (std::size_t i = 0; i < times.size(); ++i) {
    out.cues[i].from = times[i].from;
    out.cues[i].to = times[i].to;
  }
  if (notes != nullptr)
    for (auto const& finding : check_captions(out, profile, sorted.rate, end))
      notes->push_back(fmt::format("caption {} at {}: {}", finding.cue, caption_clock(finding.from, '.'), finding.message));
  return std::move(out.cues);
}

}  // namespace reelmill
