// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "graph/codecs.h"
#include "project/exports.h"
#include "project/schema.h"

namespace reelmill {

namespace {

constexpr std::array<std::string_view, 4> fits{"pad", "crop", "blur", "stretch"};
constexpr std::array<std::string_view, 2> automatic{"auto", "none"};
constexpr Range any_bitrate{1e3, 240e6};

// Every name of every row.
template <class Table>
Json names_of(Table const& table) {
  std::vector<std::string_view> names;
  for (auto const& row : table) {
    names.push_back(row.name);
    if constexpr (requires { row.also; }) names.insert(names.end(), row.also.begin(), row.also.end());
  }
  return schema::one_of(names);
}

Json codec_schema() {
  auto schema = names_of(video_codecs());
  schema["enum"].push_back(copy_codec);
  return schema;
}

Json profile_schema() {
  std::vector<std::string_view> names;
  for (auto const& codec : video_codecs())
    for (auto const name : codec.profiles)
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return schema::one_of(names);
}

// Which of them a codec takes, the reader says.
Json crf_schema() {
  Range range{51, 0};
  for (auto const& codec : video_codecs()) {
    if (!codec.has_crf()) continue;
    range.low = std::min(range.low, codec.lowest_crf);
    range.high = std::max(range.high, codec.highest_crf);
  }
  return schema::number(range, unit::none, false);
}

Json preset_schema() {
  std::vector<std::string_view> names;
  for (auto const& preset : embedded_presets()) names.push_back(preset.name);
  names.insert(names.end(), encoder_speeds().begin(), encoder_speeds().end());
  return schema::one_of(names);
}

Json resolution_schema() { return {{"type", "string"}, {"pattern", "^(source|[0-9]+ *[xX] *[0-9]+)$"}}; }

Json rate_or(Json rate, std::string_view word) { return {{"anyOf", {std::move(rate), {{"const", word}}}}}; }

constexpr std::array table{
    ExportKey{"preset", "a shipped preset to begin with, or the encoder's own", preset_schema},
    ExportKey{"resolution", "width x height, even; or 'source'", resolution_schema},
    ExportKey{"fit", "how a picture of another shape is made to fit", [] { return schema::one_of(fits); }},
    ExportKey{"fps", "frames a second, as 30, 29.97 or 30000/1001; or 'source'",
              [] { return rate_or(schema::frame_rate(), "source"); }},
    ExportKey{"codec", "of the picture; 'copy' takes the source's own", codec_schema},
    ExportKey{"speed", "how long the encoder may look for a better result", [] { return schema::one_of(encoder_speeds()); }},
    ExportKey{"profile", "what players must know, or of which quality the codec is", profile_schema},
    ExportKey{"crf", "the quality: lower is better and larger", crf_schema},
    ExportKey{"bitrate", "a ceiling, as 8M; or 'none'", [] { return rate_or(schema::bit_rate(any_bitrate), "none"); }},
    ExportKey{"audio", "'none' for a film without sound", [] { return schema::one_of(automatic); }},
    ExportKey{"audio_codec", "of the sound", [] { return names_of(audio_codecs()); }},
    ExportKey{"audio_bitrate", "of the sound, as 192k", [] { return schema::bit_rate(any_bitrate); }},
    ExportKey{"container", "the file's format and extension", [] { return names_of(containers()); }},
    ExportKey{"edit_lists", "'none' for platforms that forbid them", [] { return schema::one_of(automatic); }},
    ExportKey{"description", "what the export is for", schema::text},
    ExportKey{"verified_on", "when its figures were last compared with the platform's", schema::text},
};

}  // namespace

std::span<ExportKey const> export_keys() { return table; }

}  // namespace reelmill
