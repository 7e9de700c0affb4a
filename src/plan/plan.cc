// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/plan.h"

namespace reelmill {

std::string_view name_of(StageState state) {
  switch (state) {
    case StageState::run:
      return "run";
    case StageState::copy:
      return "copy";
    case StageState::cached:
      return "cached";
    case StageState::waiting:
      return "waiting";
  }
  return "";
}

PlannedStage planned_stage(std::string id, Stage stage, std::vector<std::string> missing_keys) {
  PlannedStage planned;
  planned.id = std::move(id);
  planned.walk = walk_name(stage);
  planned.keys = std::move(missing_keys);
  planned.units = 1;
  planned.state = planned.keys.empty() ? StageState::cached : StageState::run;
  planned.reason = planned.keys.empty() ? "nothing changed" : "not made yet";
  if (planned.state == StageState::run) planned.stage = std::move(stage);
  return planned;
}

std::vector<std::string_view> switchable_passes() { return {"common", "copy", "share"}; }

}  // namespace reelmill
