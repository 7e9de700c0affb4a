// SPDX-License-Identifier: GPL-3.0-or-later
// How the sound of one recording, B, lies against that of another, A: what it takes to bring B onto A, and the evidence. Times
// are seconds from the beginning of each recording.
//
//   an instant t of A is heard in B at t - delay(t),   delay(t) = segment's offset + drift · t
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace reelmill {

enum class SyncOutcome {
  in_sync,  // B lies where A does, from beginning to end
  offset,   // found, with drift and cuts
  refused,  // not the same sound, or too noisy to tell
};
std::string_view name_of(SyncOutcome outcome);

// What was found at one place, without a look at the others.
struct SyncWindow {
  double at = 0;        // its middle, in A
  double delay = 0;     // of B
  double strength = 0;  // how far its peak stands above the rest of the correlation, in the rest's deviations
  bool agrees = false;  // with what was found in all
};

// A part of A that one take of B covers without a cut.
struct SyncSegment {
  double from = 0, to = 0;  // in A
  double offset = 0;        // seconds; see above
};

struct SyncFinding {
  SyncOutcome outcome = SyncOutcome::refused;
  double drift = 0;                   // seconds by which the delay grows in a second of A
  double confidence = 0;              // 0 to 1: the share of the windows with sound in both that agree; does not depend on length
  std::string reason;                 // of a refusal
  std::vector<SyncSegment> segments;  // in the order of A; none where refused
  std::vector<SyncWindow> windows;
  double length_a = 0, length_b = 0;
};

// Which delay is too small to be called one.
inline constexpr double in_sync_within = 0.002;  // seconds

void to_json(Json& json, SyncFinding const& finding);
void from_json(Json const& json, SyncFinding& finding);

}  // namespace reelmill
