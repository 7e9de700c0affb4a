// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of the structs in loudness.h, by name.
#pragma once

#include "graph/fields.h"
#include "graph/loudness.h"

namespace reelmill {

template <>
inline constexpr auto fields_of<Loudness> =
    std::tuple{field("mode", &Loudness::mode), field("integrated", &Loudness::integrated),
               field("true_peak", &Loudness::true_peak), field("range", &Loudness::range), field("gain", &Loudness::gain)};
template <>
inline constexpr auto fields_of<LoudnessFigures> =
    std::tuple{field("integrated", &LoudnessFigures::integrated), field("true_peak", &LoudnessFigures::true_peak),
               field("range", &LoudnessFigures::range)};
template <>
inline constexpr auto fields_of<LoudnessResult> =
    std::tuple{field("mode", &LoudnessResult::mode),          field("gain_db", &LoudnessResult::gain),
               field("limited_db", &LoudnessResult::limited), field("limited_seconds", &LoudnessResult::limited_time),
               field("encodes", &LoudnessResult::encodes),    field("before", &LoudnessResult::before),
               field("after", &LoudnessResult::after),        field("notes", &LoudnessResult::notes)};

}  // namespace reelmill
