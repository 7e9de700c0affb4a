// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/film_captions.h"

#include <algorithm>

namespace reelmill {

std::vector<ShownCaption> shown_captions(FilmCaptions const& film, SourceAnalysis const& analysis, Rational tick) {
  std::vector<double> begins;  // of the frames, milliseconds
  begins.reserve(analysis.pts.size());
  for (auto const pts : analysis.pts) begins.push_back((Rational(pts - analysis.pts.front()) * tick).value() * 1000 + 0.5);
  auto const frame_at = [&](std::int64_t time) {
    return static_cast<std::int32_t>(std::lower_bound(begins.begin(), begins.end(), static_cast<double>(time)) - begins.begin());
  };
  std::vector<ShownCaption> out;
  for (auto const& each : film.captions) {
    auto caption = each.caption;
    caption.from = frame_at(each.from);
    caption.to = frame_at(each.to);
    if (caption.from < caption.to) out.push_back(std::move(caption));
  }
  return out;
}

std::vector<ShownCaption> captions_within(std::vector<ShownCaption> const& all, std::int32_t first, std::int32_t end,
                                          std::int32_t origin) {
  std::vector<ShownCaption> out;
  for (auto caption : all) {
    caption.from = std::max(caption.from, first) - origin;
    caption.to = std::min(caption.to, end) - origin;
    if (caption.from < caption.to) out.push_back(std::move(caption));
  }
  return out;
}

std::vector<std::int64_t> shots_of(SourceAnalysis const& analysis, Rational tick) {
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < analysis.motion.size(); ++i)
    if (analysis.motion[i].cut) out.push_back(round(Rational(analysis.pts[i] - analysis.pts.front()) * tick * Rational(1000)));
  return out;
}

}  // namespace reelmill
