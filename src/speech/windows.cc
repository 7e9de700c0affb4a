// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/windows.h"

#include <algorithm>

namespace reelmill::speech {

namespace {
constexpr std::int64_t longest_island = longest_window - 2 * margin;
constexpr double last_part = 2.0 / 3;  // of a window, in which it may end

std::int64_t length_of(Island const& island) { return island.to - island.from; }

// Where an island that begins at `from` and is too long is cut.
std::int64_t quietest(std::int64_t from, std::span<float const> voice, double step) {
  auto const index = [&](std::int64_t ms) {
    return std::min(voice.size(), static_cast<std::size_t>(static_cast<double>(ms) / step));
  };
  auto const first = index(from + longest_island / 2), last = index(from + longest_island);
  if (first >= last) return from + longest_island;
  // Of equal ones the last, so that windows are few.
  auto best = first;
  for (auto at = first; at < last; ++at)
    if (voice[at] <= voice[best]) best = at;
  return std::clamp(static_cast<std::int64_t>((static_cast<double>(best) + 0.5) * step), from + longest_island / 2,
                    from + longest_island);
}

std::vector<Island> short_islands(std::span<Island const> islands, std::span<float const> voice, double step) {
  std::vector<Island> out;
  for (auto island : islands) {
    while (length_of(island) > longest_island) {
      auto const at = quietest(island.from, voice, step);
      out.push_back({island.from, at});
      island.from = at;
    }
    if (length_of(island) > 0) out.push_back(island);
  }
  return out;
}

void append(Window& window, std::int64_t from, std::int64_t to) {
  if (to <= from) return;
  if (!window.pieces.empty() && window.pieces.back().to == from)
    window.pieces.back().to = to;
  else
    window.pieces.push_back({window.length(), from, to});
}

// Of the rest before an island (after the one before it, or the sound's beginning) a window takes half at most.
Window window_of(std::span<Island const> islands, std::int64_t before, std::int64_t after) {
  Window window;
  window.islands.assign(islands.begin(), islands.end());
  auto const lead = std::min(margin, (islands.front().from - before) / 2);
  auto const tail = std::min(margin, (after - islands.back().to) / 2);
  append(window, islands.front().from - lead, islands.front().to);
  for (std::size_t i = 1; i < islands.size(); ++i) {
    auto const rest = islands[i].from - islands[i - 1].to;
    if (rest <= longest_gap) {
      append(window, islands[i - 1].to, islands[i].to);
    } else {
      append(window, islands[i - 1].to, islands[i - 1].to + longest_gap / 2);
      append(window, islands[i].from - (longest_gap - longest_gap / 2), islands[i].to);
    }
  }
  append(window, islands.back().to, islands.back().to + tail);
  return window;
}
}  // namespace

std::int64_t sound_time(Window const& window, std::int64_t time, Edge edge) {
  if (window.pieces.empty()) return 0;
  auto const* found = &window.pieces.front();
  for (auto const& piece : window.pieces)
    if (edge == Edge::begin ? piece.at <= time : piece.at < time) found = &piece;
  return std::clamp(found->from + time - found->at, found->from, found->to);
}

std::vector<Window> pack(std::span<Island const> islands, std::span<float const> voice, double step, std::int64_t length) {
  auto const all = short_islands(islands, voice, step);
  std::vector<Window> windows;
  auto const rest_after = [&](std::size_t i) { return (i + 1 < all.size() ? all[i + 1].from : length) - all[i].to; };
  for (std::size_t first = 0; first < all.size();) {
    std::int64_t filled = 2 * margin + length_of(all[first]);
    std::size_t end = first + 1, best = first;
    bool best_is_late = false;
    auto const consider = [&](std::size_t last) {
      bool const is_late = static_cast<double>(filled) >= last_part * longest_window;
      if (best_is_late && is_late && rest_after(last) < rest_after(best)) return;
      best = last;
      best_is_late = is_late;
    };
    for (consider(first); end < all.size(); ++end) {
      auto const more = std::min(rest_after(end - 1), longest_gap) + length_of(all[end]);
      if (filled + more > longest_window) break;
      filled += more;
      consider(end);
    }
    if (end < all.size()) end = best + 1;
    windows.push_back(window_of(std::span(all).subspan(first, end - first), first > 0 ? all[first - 1].to : -all.front().from,
                                end < all.size() ? all[end].from : 2 * length - all.back().to));
    first = end;
  }
  return windows;
}

Window rest_of(Window const& window, std::int64_t from) {
  Window rest;
  for (auto island : window.islands) {
    island.from = std::max(island.from, from);
    if (length_of(island) > 0) rest.islands.push_back(island);
  }
  if (rest.islands.empty()) return {};
  for (auto const& piece : window.pieces) append(rest, std::max(piece.from, from), piece.to);
  return rest;
}

std::vector<float> cut(Window const& window, std::span<float const> sound) {
  std::vector<float> out;
  out.reserve(static_cast<std::size_t>(window.length() * samples_of_ms));
  auto const size = static_cast<std::int64_t>(sound.size());
  for (auto const& piece : window.pieces) {
    auto const from = std::clamp<std::int64_t>(piece.from * samples_of_ms, 0, size),
               to = std::clamp<std::int64_t>(piece.to * samples_of_ms, from, size);
    out.insert(out.end(), sound.begin() + from, sound.begin() + to);
    out.resize(static_cast<std::size_t>((piece.at + piece.to - piece.from) * samples_of_ms), 0);
  }
  return out;
}

}  // namespace reelmill::speech
