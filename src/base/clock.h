// SPDX-License-Identifier: GPL-3.0-or-later
// The door to time. Durations are measured on the steady clock; the wall clock is for people to read only.
#pragma once

#include <string>

namespace reelmill {

// Seconds of the steady clock; only differences mean something.
double steady_seconds();
// Seconds since 1970.
double wall_seconds();

// "2026-05-09T07:29:33.125Z"
std::string utc_time(double wall);
// "20260509T072933.125Z": sorts by time and is safe as a file name.
std::string utc_file_name(double wall);
// "0:42", "12:05", "1:02:05"
std::string clock_text(double seconds);

}  // namespace reelmill
