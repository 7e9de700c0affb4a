// SPDX-License-Identifier: GPL-3.0-or-later
// What FFmpeg's libraries at hand are and have, by their own names, sorted.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace reelmill::av {

// {"FFmpeg", "5.1.6-0+deb12u1"}, {"libavcodec", "59.37.100"}, …; those that run, not those that were compiled with.
std::vector<std::pair<std::string, std::string>> libraries();
std::vector<std::string> encoder_names();
// Those that stages may ask for and that are there.
std::vector<std::string> filter_names();
// How the libraries were built.
std::string configuration();

}  // namespace reelmill::av
