// SPDX-License-Identifier: GPL-3.0-or-later
// What is taken for footage at most. A file beyond it is refused before anything is made of it, because it is damaged or made
// to take the machine; docs/decisions/013 says where the figures come from.
#pragma once

#include <cstdint>

namespace reelmill::most {

inline constexpr std::int64_t pixels = 8192LL * 4320;      // of one picture
inline constexpr int streams = 64;                         // of one file
inline constexpr int frame_rate = 240;                     // pictures a second, on average
inline constexpr int hours = 24;                           // of one film
inline constexpr std::int64_t packets = 24LL * 3600 * 60;  // of its picture: a day at 60 pictures a second
inline constexpr int seconds_of_a_picture = 3600;          // from one picture to the next
inline constexpr int channels = 64;                        // of one sound
inline constexpr int sample_rate = 768'000;                // hertz
inline constexpr int least_sample_rate = 1'000;            // hertz; a sound below would grow a hundredfold

}  // namespace reelmill::most
