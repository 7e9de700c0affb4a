// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/retry.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/hash.h"

namespace reelmill {

namespace {
constexpr double longest = 600;
}

double seconds_before_retry(std::string_view work, int failures, RetryPolicy const& policy) {
  auto const text = std::string(work) + " " + std::to_string(failures);
  double const chance = static_cast<double>(xxh3_64(text.data(), text.size()) >> 11) * 0x1p-53;
  double const middle = std::min(longest / (1 + policy.jitter), policy.delay * std::pow(policy.growth, failures - 1));
  return middle * (1 - policy.jitter + 2 * policy.jitter * chance);
}

}  // namespace reelmill
