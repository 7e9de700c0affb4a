// SPDX-License-Identifier: GPL-3.0-or-later
// What the parameter tables say, for people and programs: help, docs/operations.md, JSON.
#pragma once

#include <string>

#include "base/json.h"
#include "ops/operation.h"

namespace reelmill {

// "1 to 20000 Hz", "mirror or black", "any": what a parameter may be.
std::string allowed_text(Param const& param);
// "30 frames": the default with its unit.
std::string default_text(Operation const& operation, Param const& param);

std::string operation_text(Operation const& operation);      // `reelmill ops NAME`
std::string operations_text();                               // `reelmill ops`
std::string operation_markdown(Operation const& operation);  // one section of it
std::string operations_markdown();                           // docs/operations.md
Json operation_json(Operation const& operation);

}  // namespace reelmill
