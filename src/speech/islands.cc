// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/islands.h"

#include <algorithm>
#include <cmath>

namespace reelmill::speech {

namespace {
constexpr float begins_at = 0.5F, goes_on_at = 0.35F;
constexpr int shortest_speech = 3, shortest_rest = 6;  // steps
constexpr std::int64_t padding = 60;                   // ms to either side: a detector hears plosives late
}  // namespace

std::vector<Island> islands_of(std::span<float const> voice, std::int64_t length) {
  struct Run {
    std::size_t from = 0, to = 0;
  };
  std::vector<Run> runs;
  bool speaks = false;
  for (std::size_t at = 0; at < voice.size(); ++at) {
    speaks = voice[at] >= (speaks ? goes_on_at : begins_at);
    if (!speaks) continue;
    if (!runs.empty() && at - runs.back().to < shortest_rest)
      runs.back().to = at + 1;
    else
      runs.push_back({at, at + 1});
  }
  std::erase_if(runs, [](Run const& run) { return run.to - run.from < shortest_speech; });
  std::vector<Island> islands;
  auto const time = [](std::size_t step) { return std::llround(static_cast<double>(step) * voice_step); };
  for (auto const& run : runs) islands.push_back({time(run.from), std::min<std::int64_t>(time(run.to), length)});
  std::int64_t before = 0;
  for (std::size_t i = 0; i < islands.size(); ++i) {
    auto& island = islands[i];
    auto const end = island.to;
    island.from = std::max<std::int64_t>({0, island.from - padding, (before + island.from + 1) / 2});
    island.to = std::min({length, end + padding, i + 1 < islands.size() ? (end + islands[i + 1].from) / 2 : length});
    before = end;
  }
  std::erase_if(islands, [](Island const& island) { return island.to <= island.from; });
  return islands;
}

}  // namespace reelmill::speech
