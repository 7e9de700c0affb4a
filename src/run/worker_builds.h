// SPDX-License-Identifier: GPL-3.0-or-later
// Which builds of its libraries the worker works with. Asking it takes 50 ms, so the answer is remembered for as long as the
// program and the libraries are the files that they were.
#pragma once

#include "base/result.h"
#include "plan/libraries.h"
#include "run/store.h"

namespace reelmill {

// Of those that keys can name. A library without a build id is told apart by its content. Kind missing: there is no worker, or
// it does not answer.
Result<Builds> worker_builds(Store& store);

}  // namespace reelmill
