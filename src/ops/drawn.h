// SPDX-License-Identifier: GPL-3.0-or-later
// What the operations that draw on the finished picture have in common: where, how strongly and when.
#pragma once

#include <algorithm>
#include <any>
#include <array>
#include <string>
#include <string_view>

#include "ops/operation.h"

namespace reelmill {

inline constexpr std::array<std::string_view, 9> drawn_positions{"top_left", "top",         "top_right", "left",        "center",
                                                                 "right",    "bottom_left", "bottom",    "bottom_right"};

// The parameters of options with opacity (percent) and from, to, fade (seconds), behind those of the operation's own.
template <class Options, std::size_t count>
constexpr std::array<Param, count + 4> with_drawn_params(std::array<Param, count> const& own) {
  std::array<Param, count + 4> all{};
  std::copy(own.begin(), own.end(), all.begin());
  all[count] = param<&Options::opacity>("opacity", "how much it covers what is behind it", unit::percent, {0, 100});
  all[count + 1] = param<&Options::from>("from", "when it appears", Form::time, {0, 86400});
  all[count + 2] = param<&Options::to>("to", "when it is gone again; 0: at the end", Form::time, {0, 86400});
  all[count + 3] = param<&Options::fade>("fade", "how long it takes to appear and to vanish", Form::time, {0, 60});
  return all;
}

// Of the same options.
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
