// SPDX-License-Identifier: GPL-3.0-or-later
// Any index that a worker may hand over: refused, called implausible, or one that chunks can be cut from.
#include <cstddef>
#include <cstdint>
#include <exception>

#include "base/json.h"
#include "fuzz/require.h"
#include "graph/plausible.h"
#include "plan/borders.h"

using namespace reelmill;

namespace {
constexpr std::size_t most_packets = 10'000;  // more only take time
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const json = Json::parse(data, data + size, nullptr, false);
  if (!json.is_object()) return 0;
  SourceIndex index;
  try {
    json.get_to(index);
  } catch (std::exception const&) {
    return 0;
  }
  if (index.packets.size() > most_packets || implausible(index) || index.video.empty()) return 0;
  auto const film = shown(index);
  REQUIRE(film.first <= film.end);
  auto const borders = find_borders(index);
  REQUIRE(!borders.empty());
  for (std::size_t i = 1; i < borders.size(); ++i) REQUIRE(borders[i - 1].pts <= borders[i].pts);
  REQUIRE(unproved(borders).size() <= borders.size());
  return 0;
}
