// SPDX-License-Identifier: GPL-3.0-or-later
// What every command does alike: read its arguments, print JSON, fail.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace CLI {
class App;
}

namespace reelmill {

// Nothing: go on. Otherwise help or a mistake was printed, or usage_of asked only, and this is the exit code.
std::optional<int> parse_arguments(CLI::App& app, std::vector<std::string> const& arguments);

// Prints the document on stdout and gives 0.
int print_json(Json const& document);

// Prints what went wrong and gives its exit code; with `json`, {"error": {"kind", "what"}} on stdout.
int fail(Error const& error, bool json = false);

}  // namespace reelmill
