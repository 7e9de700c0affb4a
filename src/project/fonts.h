// SPDX-License-Identifier: GPL-3.0-or-later
// Fonts that are installed, as fontconfig knows them. Nothing here opens a font: the worker does.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace reelmill {

struct FontFile {
  std::filesystem::path file;
  int face = 0;  // in a collection
};

// The file of a family ("Liberation Sans"), of a metric twin of it ("Arial" may be Liberation Sans), or of a generic name
// ("sans-serif"). A family that is not installed is an error of kind missing, which names the nearest that is; the choice never
// falls on another by itself. Thread-safe.
Result<FontFile> find_font(std::string const& family, bool bold);

// Whether the font has a glyph for the character, as fontconfig knows it without opening the file; nothing: fontconfig does not
// know the file. Thread-safe.
std::optional<bool> has_glyph(FontFile const& font, char32_t character);

// An installed font that has the character, the one that fontconfig prefers; kind missing where there is none. Thread-safe.
Result<FontFile> find_font_with(char32_t character, bool bold);

}  // namespace reelmill
