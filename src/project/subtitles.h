// SPDX-License-Identifier: GPL-3.0-or-later
// `subtitles` of a project file: where captions come from, and where they go.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "captions/caption_file.h"
#include "project/diagnose.h"
#include "project/project.h"

namespace reelmill {

// Fills project.subtitles, and adds `burn` to the steps on the picture.
void read_subtitles(Node const& node, Project& project, Mistakes& mistakes);
// As JSON Schema has it.
Json subtitles_schema();

// The caption file that is read for a source, absolute; empty: its captions are transcribed.
Result<std::filesystem::path> caption_file_of(Project const& project, std::filesystem::path const& source);

struct Sidecar {
  CaptionFormat format = CaptionFormat::srt;
  std::string file;  // relative to the project's folder
};
// The caption files that are written for a source.
Result<std::vector<Sidecar>> sidecars_of(Project const& project, std::filesystem::path const& source);

}  // namespace reelmill
