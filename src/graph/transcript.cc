// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/transcript.h"

#include "graph/fields.h"

namespace reelmill {

template <>
inline constexpr auto fields_of<Word> = std::tuple{field("from", &Word::from), field("to", &Word::to), field("text", &Word::text),
                                                   field("confidence", &Word::confidence)};
template <>
inline constexpr auto fields_of<Segment> =
    std::tuple{field("from", &Segment::from), field("to", &Segment::to), field("text", &Segment::text),
               field("confidence", &Segment::confidence), field("words", &Segment::words)};
template <>
inline constexpr auto fields_of<Island> = std::tuple{field("from", &Island::from), field("to", &Island::to)};
template <>
inline constexpr auto fields_of<Transcript> =
    std::tuple{field("language", &Transcript::language), field("segments", &Transcript::segments),
               field("islands", &Transcript::islands), field("notes", &Transcript::notes), field("length", &Transcript::length)};

void to_json(Json& json, Transcript const& transcript) { write(json, transcript); }
void from_json(Json const& json, Transcript& transcript) { read(json, transcript); }

}  // namespace reelmill
