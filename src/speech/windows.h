// SPDX-License-Identifier: GPL-3.0-or-later
// What a model is given to hear at once: islands of speech, packed close, and the table that leads from a window's clock back to
// the sound's. All times are milliseconds.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/transcript.h"

namespace reelmill::speech {

inline constexpr int rate = 16000;  // samples a second, mono
inline constexpr std::int64_t samples_of_ms = rate / 1000;
inline constexpr std::int64_t longest_window = 29'500;  // Whisper hears 30 s
inline constexpr std::int64_t longest_gap = 1'000;      // between islands in a window; what is longer is cut in its middle
inline constexpr std::int64_t margin = 300;             // of sound before the first island and after the last

// [from, to) of the sound, heard from `at` on.
struct Piece {
  std::int64_t at = 0, from = 0, to = 0;
  friend bool operator==(Piece const&, Piece const&) = default;
};

struct Window {
  std::vector<Piece> pieces;    // in the order of time, one after another without a gap
  std::vector<Island> islands;  // of the sound, what is meant to be heard
  std::int64_t length() const { return pieces.empty() ? 0 : pieces.back().at + pieces.back().to - pieces.back().from; }
};

// The instant of the sound that is heard at `time`; where two pieces meet, the end of the first for `end`, else the beginning of
// the second.
enum class Edge { begin, end };
std::int64_t sound_time(Window const& window, std::int64_t time, Edge edge);

// Every island is in one window, or in several where it is longer than one: then it is cut where `voice`, the probability of
// speech for each `step` ms of the sound, is least. A window ends at the longest rest of its last third, if the islands go on.
std::vector<Window> pack(std::span<Island const> islands, std::span<float const> voice, double step, std::int64_t length);

// What of the window comes after the instant `from` of the sound; without islands where that is nothing.
Window rest_of(Window const& window, std::int64_t from);

// The samples that are heard in it.
std::vector<float> cut(Window const& window, std::span<float const> sound);

}  // namespace reelmill::speech
