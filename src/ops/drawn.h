// SPDX-License-Identifier: GPL-3.0-or-later
// What the operations that draw on the finished picture have in common: where, how strongly and when.
#pragma once

#include <any>
#include <array>
#include <string>
#include <string_view>

#include "ops/operation.h"

namespace reelmill {

inline constexpr std::array<std::string_view, 9> drawn_positions{"top_left", "top",         "top_right", "left",        "center",
                                                                 "right",    "bottom_left", "bottom",    "bottom_right"};

// Of options with opacity (percent) and from, to, fade (seconds).
template <class Options>
Envelope drawn_envelope(Options const& options) {
  return {.from = options.from,
          .to = options.to,
          .fade_in = options.fade,
          .fade_out = options.fade,
          .strength = options.opacity / 100};
}

template <class Options>
std::string check_drawn(std::any const& any) {
  auto const& options = std::any_cast<Options const&>(any);
  if (options.to == 0 || options.to > options.from) return "";
  return "it would be gone before it appears, make 'to' later than 'from'";
}

}  // namespace reelmill
