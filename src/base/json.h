// SPDX-License-Identifier: GPL-3.0-or-later
// JSON everywhere in Reelmill: objects keep the order they were written in, so that texts are stable.
#pragma once

#include <nlohmann/json.hpp>

namespace reelmill {
using Json = nlohmann::ordered_json;
}
