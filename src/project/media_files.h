// SPDX-License-Identifier: GPL-3.0-or-later
// The media that paths on a command line mean: files, patterns, and folders with everything below.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graph/probe.h"

namespace reelmill {

// A file stands for itself, whatever it is called. In folders, files with the extension of a container count, and those
// without a known extension that begin like one; hidden names and links to folders are passed over, what is not media is left
// out. A pattern (base/disk.h) is expanded unless a file has that very name. What is not there, or names nothing, stays in
// the list, so that it can be complained about. As given (relative stays relative), sorted, without doubles.
std::vector<std::filesystem::path> media_files(std::vector<std::string> const& paths);

// What can be said of a source before anything parses it: it is not there, not a file, empty, or plainly something else than
// media. Nothing where it may be opened.
std::vector<Fault> judge_unread(std::filesystem::path const& file);

}  // namespace reelmill
