// SPDX-License-Identifier: GPL-3.0-or-later
// The part of a film that a preview shows. Steps that look at the whole film see all of it, so that the part looks as it
// will in the film; only what is rendered is cut.
#pragma once

#include <vector>

#include "graph/media.h"
#include "plan/borders.h"
#include "plan/conform.h"
#include "plan/sound.h"
#include "project/project.h"

namespace reelmill {

// From the first frame shown at or after `from` to the first at or after `to`, both counted from the film's first frame. An
// empty part is an error of kind usage. By the index, where the analysis is not there yet.
Result<Shown> part_of(SourceIndex const& index, Rational speed, TimeRange const& range);
// `tick`: seconds of the film in one unit of the frames' times.
Result<Shown> part_of(SourceAnalysis const& analysis, Rational tick, TimeRange const& range);

// Seconds of the whole film; by the index, where the analysis is not there yet.
Rational whole_length(SourceIndex const& index, SourceAnalysis const& analysis, Rational speed);

// The same of a source without a picture; the duration of `sound` is that of the film.
Result<Span> part_of(Span const& sound, Rational speed, TimeRange const& range);

// The same part, or all of the film where there is none, but no further than `end`.
TimeRange ended_by(std::optional<TimeRange> const& range, Rational end);

// The intervals less what lies outside the part; those that lie outside whole are left out. What is cut off serves as margin.
std::vector<Interval> within(std::vector<Interval> intervals, Margins const& margins, SourceAnalysis const& analysis,
                             Shown const& part);

}  // namespace reelmill
