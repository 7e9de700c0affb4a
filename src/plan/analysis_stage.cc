// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/analysis_stage.h"

#include <fmt/format.h>

#include "base/text.h"
#include "graph/plausible.h"
#include "plan/estimates.h"
#include "plan/task_texts.h"

namespace reelmill {

Result<PlannedAnalysis> planned_analysis(std::filesystem::path const& source, SourceIndex const& index, Lowered const& lowered,
                                         Key begun, Known const& known, Builds const& builds) {
  auto borders = find_borders(index);
  AnalysisStage stage;
  stage.source = source.string();
  stage.stream = index.video.front().stream;
  stage.motion = lowered.motion;
  stage.shakiness = lowered.shakiness;
  stage.accuracy = lowered.accuracy;
  stage.prove = unproved(borders);
  auto key = analysis_key(std::move(begun), index, stage, builds);
  stage.key = key.hex();
  auto const known_result = known.result(stage.key);
  auto const name = printable(source.filename().string());
  auto const frames = static_cast<std::int64_t>(index.packets.size());
  PlannedAnalysis out{planned_stage("analysis", stage, known_result ? std::vector<std::string>() : std::vector{stage.key}),
                      std::move(key), std::move(borders), std::nullopt};
  auto& planned = out.stage;
  planned.tasks = analysis_tasks(lowered);
  planned.inputs = {name, "index"};
  planned.outputs = {"analysis"};
  planned.total = static_cast<double>(frames);
  planned.media_seconds = index.duration.value();
  expect(planned, estimate_of_analysis(frames));
  planned.memory = 128 << 20;
  if (planned.state == StageState::run) return out;
  out.analysis = known_result->at("analysis").get<SourceAnalysis>();
  if (auto const wrong = implausible(*out.analysis))
    return Error{
        .kind = ErrorKind::failed,
        .what =
            fmt::format("planning {}: its analysis is damaged: {}; `reelmill cache verify` removes what is damaged; then run again",
                        name, *wrong)};
  if (!stage.prove.empty()) out.borders = proved_borders(index, out.analysis->proved);
  return out;
}

}  // namespace reelmill
