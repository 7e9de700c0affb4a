// SPDX-License-Identifier: GPL-3.0-or-later
// What is left of a recording when only the rise and fall of its bands counts: a hundred values a second in each of eight
// bands of speech. Another microphone, a room and noise change them little, and clocks that run apart by a thousandth do not
// matter over seconds.
#pragma once

#include <array>
#include <vector>

#include "base/result.h"
#include "sync/recording.h"

namespace reelmill {

struct Onsets {
  static constexpr int rate = 100;  // a second
  static constexpr std::size_t bands = 8;

  std::array<std::vector<float>, bands> values;
  std::size_t size() const { return values[0].size(); }
};

Result<Onsets> onsets_of(Recording const& recording);

}  // namespace reelmill
