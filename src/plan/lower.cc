// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/lower.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace reelmill {

Result<Lowered> lower(Project const& project) {
  Lowered out;
  for (auto const* steps : {&project.video, &project.audio})
    for (auto const& step : *steps) {
      Lowering lowering;
      step.operation->lower(step.options, lowering);
      if (lowering.motion && out.motion)
        return Error{
            .kind = ErrorKind::project,
            .what = fmt::format("line {}: {} stands in the project twice; once is enough", step.line, step.operation->name)};
      if (lowering.motion) {
        out.motion = true;
        out.shakiness = lowering.shakiness;
        out.accuracy = lowering.accuracy;
        out.path = {lowering.smoothing, lowering.max_zoom};
        if (!out.video.empty())
          return Error{
              .kind = ErrorKind::project,
              .what = fmt::format("line {}: {} must come before the other picture operations", step.line, step.operation->name)};
      }
      std::move(lowering.video.begin(), lowering.video.end(), std::back_inserter(out.video));
      std::move(lowering.audio.begin(), lowering.audio.end(), std::back_inserter(out.audio));
    }
  return out;
}

}  // namespace reelmill
