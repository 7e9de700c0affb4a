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

std::vector<std::string_view> switchable_passes() { return {"common", "copy", "share"}; }

}  // namespace reelmill
