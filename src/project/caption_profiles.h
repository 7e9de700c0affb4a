// SPDX-License-Identifier: GPL-3.0-or-later
// Caption profiles as files: the shipped ones of presets/captions, and a person's own. The format is described in
// docs/formats.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "captions/profile.h"

namespace reelmill {

// In alphabetical order. "netflix" is what is meant where nobody says.
std::vector<CaptionProfile> const& shipped_caption_profiles();
CaptionProfile const* shipped_caption_profile(std::string_view name);
std::string_view shipped_caption_profile_text(std::string_view name);  // the YAML; empty: there is none of that name

// What is not said stays as in CaptionProfile. All mistakes are one error of kind project, "file:line:column: …".
Result<CaptionProfile> parse_caption_profile(std::string_view text, std::string const& file);

// A shipped one's name, or the path of a file (something with a slash or a dot in it).
Result<CaptionProfile> caption_profile(std::string const& name_or_file);

}  // namespace reelmill
