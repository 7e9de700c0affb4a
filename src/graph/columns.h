// SPDX-License-Identifier: GPL-3.0-or-later
// Long vectors of numbers in JSON: one string a column, differences with repeats, so that a film of two hours stays small
// and quick to read. "0 512*3 -100" stands for 0, 512, 1024, 1536, 1436. Hashes are 16 digits each, joined.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/media_limits.h"

namespace reelmill {

// No column is longer: above the frames of the longest film, far below what would exhaust memory.
inline constexpr std::size_t longest_column = most::packets + 1;

std::string write_column(std::vector<std::int64_t> const& numbers);
// Throws std::invalid_argument on anything that write_column would not have written.
std::vector<std::int64_t> read_column(std::string_view text);

std::string write_hashes(std::vector<std::uint64_t> const& hashes);
std::vector<std::uint64_t> read_hashes(std::string_view text);

}  // namespace reelmill
