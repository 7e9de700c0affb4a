// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/complain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/text.h"

namespace reelmill {
namespace {

// "reelmill.yaml:14:9: …"
bool begins_with_a_place(std::string_view text) {
  auto colon = text.find(':');
  for (int numbers = 0; numbers < 2; ++numbers) {
    if (colon == std::string_view::npos) return false;
    auto next = text.find(':', colon + 1);
    if (next == std::string_view::npos || next == colon + 1) return false;
    auto digits = text.substr(colon + 1, next - colon - 1);
    if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return false;
    colon = next;
  }
  return true;
}

}  // namespace

std::string complaint(Error const& error) {
  std::string text;
  auto const whole = error.text();
  for (auto const line : split(whole, '\n')) {
    if (!text.empty()) text += '\n';
    text += printable(line);
  }
  return (begins_with_a_place(text) ? text : "reelmill: " + text) + "\n";
}

int complain(Error const& error) {
  std::fflush(stdout);
  fmt::print(stderr, "{}", complaint(error));
  return exit_code_of(error.kind);
}

}  // namespace reelmill
