// SPDX-License-Identifier: GPL-3.0-or-later
// The files of presets/ as the program carries them, made by tools/embed_presets.py.
#pragma once

#include <span>
#include <string_view>

namespace reelmill {

// The file's name without its ending, and its text.
struct EmbeddedPreset {
  std::string_view name, text;
};
std::span<EmbeddedPreset const> embedded_presets();           // presets/*.yaml
std::span<EmbeddedPreset const> embedded_caption_profiles();  // presets/captions/*.yaml

}  // namespace reelmill
