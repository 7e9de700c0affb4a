// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/worker_line.h"

#include <cmath>

#include "base/json.h"
#include "base/text.h"

namespace reelmill {
namespace {

std::string text_of(Json const& json, char const* name) {
  auto found = json.find(name);
  return found != json.end() && found->is_string() ? printable(found->get_ref<std::string const&>()) : std::string();
}

double number_of(Json const& json, char const* name) {
  auto found = json.find(name);
  double number = found != json.end() && found->is_number() ? found->get<double>() : 0;
  return std::isfinite(number) && number > 0 ? number : 0;
}

}  // namespace

WorkerLine parse_worker_line(std::string_view line) {
  auto json = Json::parse(line, nullptr, false);
  auto event = json.is_object() ? text_of(json, "event") : std::string();
  if (event == "progress") return WorkerProgress{number_of(json, "done"), number_of(json, "of"), text_of(json, "unit")};
  if (event == "done") return WorkerUnit{text_of(json, "key")};
  if (event == "warning") return WorkerWarning{text_of(json, "what")};
  if (event == "sandbox") return WorkerSandbox{text_of(json, "level")};
  if (event == "error")
    return WorkerError{error_kind_named(text_of(json, "kind")).value_or(ErrorKind::failed), text_of(json, "what")};
  return NotAnEvent{printable(line.substr(0, 200))};
}

}  // namespace reelmill
