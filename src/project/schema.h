// SPDX-License-Identifier: GPL-3.0-or-later
// The project file as a JSON Schema (draft 2020-12), for editors: made of the tables that the reader uses. It is looser than
// the reader where a schema cannot say it: numbers written with a unit are not held to their range, and what two places have
// to do with each other is not checked.
#pragma once

#include <span>
#include <string_view>

#include "base/json.h"
#include "ops/operation.h"

namespace reelmill {

Json project_schema();

// One key of an export's map.
struct ExportKey {
  std::string_view name, help;
  Json (*schema)();
};
std::span<ExportKey const> export_keys();

// Parts that schemas share.
namespace schema {
Json text();
Json one_of(std::span<std::string_view const> names);
// A number, or a text of a number and a unit.
Json number(Range range, std::string_view unit, bool is_whole);
Json frame_rate();
Json bit_rate(Range range);
}  // namespace schema

// Of an operation's parameters, as a map.
Json parameters_schema(Operation const& operation);

}  // namespace reelmill
