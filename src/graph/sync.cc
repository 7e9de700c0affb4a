// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/sync.h"

#include "graph/fields.h"

namespace reelmill {

template <>
inline constexpr SyncOutcome last_of<SyncOutcome> = SyncOutcome::refused;

template <>
struct Codec<SyncOutcome> {
  static void write(Json& json, SyncOutcome value) { json = static_cast<int>(value); }
  static void read(Json const& json, SyncOutcome& value) {
    std::int64_t number = 0;
    Codec<std::int64_t>::read(json, number);
    value = narrowed<SyncOutcome>(number);
  }
};

template <>
inline constexpr auto fields_of<SyncWindow> =
    std::tuple{field("at", &SyncWindow::at), field("delay", &SyncWindow::delay), field("strength", &SyncWindow::strength),
               field("agrees", &SyncWindow::agrees)};
template <>
inline constexpr auto fields_of<SyncSegment> =
    std::tuple{field("from", &SyncSegment::from), field("to", &SyncSegment::to), field("offset", &SyncSegment::offset)};
template <>
inline constexpr auto fields_of<SyncFinding> =
    std::tuple{field("outcome", &SyncFinding::outcome),       field("drift", &SyncFinding::drift),
               field("confidence", &SyncFinding::confidence), field("reason", &SyncFinding::reason),
               field("segments", &SyncFinding::segments),     field("windows", &SyncFinding::windows),
               field("length_a", &SyncFinding::length_a),     field("length_b", &SyncFinding::length_b)};

std::string_view name_of(SyncOutcome outcome) {
  switch (outcome) {
    case SyncOutcome::in_sync:
      return "in_sync";
    case SyncOutcome::offset:
      return "offset";
    case SyncOutcome::refused:
      return "refused";
  }
  return "";
}

void to_json(Json& json, SyncFinding const& finding) { write(json, finding); }
void from_json(Json const& json, SyncFinding& finding) { read(json, finding); }

}  // namespace reelmill
