// SPDX-License-Identifier: GPL-3.0-or-later
// Files of captions: SubRip, WebVTT, Advanced SubStation Alpha (and its forerunner SSA), and TTML.
//
// What is read of each is what every one of them can say: texts, times, italics, bold, underlining, and whether a cue stands at
// the top. Everything else (fonts, colours, places, karaoke, drawings) is left out, and told in the notes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "captions/cue.h"

namespace reelmill {

enum class CaptionFormat { srt, vtt, ass, ttml };
inline constexpr std::array caption_formats{CaptionFormat::srt, CaptionFormat::vtt, CaptionFormat::ass, CaptionFormat::ttml};

// "srt", "vtt", "ass", "ttml"; the names are the extensions without the dot.
std::string_view name_of(CaptionFormat format);
std::optional<CaptionFormat> caption_format_named(std::string_view name);
// By the extension, in upper or lower case; .ssa, .dfxp, .itt and .xml are known too.
std::optional<CaptionFormat> caption_format_of(std::string_view file_name);

inline constexpr std::int64_t largest_caption_file = 10'000'000;  // bytes
inline constexpr std::size_t most_cues = 50'000;
inline constexpr std::int64_t latest_caption = 360'000'000;  // milliseconds, 100 hours; later times are taken for damage

struct ReadCaptions {
  Captions captions;  // in the order of the file, as it says them: tidy() makes them fit to be shown
  CaptionFormat format = CaptionFormat::srt;
  std::string encoding;            // what the bytes were, "UTF-8", "windows-1252"
  std::vector<std::string> notes;  // what was left out, mended or guessed, for people; line numbers count from 1
};

// `name` is for messages, and its extension decides where the bytes do not say by themselves what they are. The encoding, where
// none is given, is that of a byte order mark, else UTF-8 where the bytes are, else what uchardet takes them for, else
// windows-1252. Anyone may have written the bytes: what cannot be read is an error of kind media, "reading 'name', line 3: …";
// an encoding that nobody knows is one of kind usage.
Result<ReadCaptions> read_captions(std::string_view bytes, std::string const& name, std::string const& encoding = "");

// A file that is not there or cannot be read is an error of kind media too.
Result<ReadCaptions> read_caption_file(std::filesystem::path const& file, std::string const& encoding = "");

// UTF-8 without a byte order mark, lines end at \n. No text of a cue can become markup, and none ends its cue: empty lines inside
// of a cue are left out. Times of ASS are rounded to centiseconds, half way up, and a cue keeps at least one; all others are
// exact.
std::string captions_text(Captions const& captions, CaptionFormat format);

}  // namespace reelmill
