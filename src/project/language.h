// SPDX-License-Identifier: GPL-3.0-or-later
// Languages as files and people write them: two letters (ISO 639-1), three (ISO 639-2, both forms), with a region or without.
#pragma once

#include <string_view>

namespace reelmill {

// "en", "eng" and "en-GB" are one; "de", "deu" and "ger" too. "und" and nothing are no language.
bool is_same_language(std::string_view a, std::string_view b);

// "en", "spa", "pt-BR": letters that may be a language.
bool looks_like_language(std::string_view text);

}  // namespace reelmill
