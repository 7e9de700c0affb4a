// SPDX-License-Identifier: GPL-3.0-or-later
// A container's own account of its sizes: what ISO/IEC 14496-12, RIFF, EBML, SMPTE ST 377-1, Ogg (RFC 3533) and ISO/IEC 13818-1
// say of how long the file has to be. Read without libav, which opens a file that was cut short without a word.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "graph/probe.h"

namespace reelmill::av {

// Files of other kinds give their size only. Bounded: at most a million boxes, clusters, pages or packets are visited.
Result<Layout> read_layout(std::filesystem::path const& file);

// The first bytes, for recognise().
Result<std::string> read_head(std::filesystem::path const& file);

// Why a file was not opened: from its first bytes, its sizes and, last, what libav said.
std::vector<Fault> judge_unopened(std::filesystem::path const& file, std::string_view libav_said);

}  // namespace reelmill::av
