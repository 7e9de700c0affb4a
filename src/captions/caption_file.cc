// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/caption_file.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/disk.h"
#include "base/text.h"
#include "captions/encoding.h"
#include "captions/reading.h"

namespace reelmill {

namespace {

struct Row {
  CaptionFormat format;
  std::string_view name;
  std::array<std::string_view, 3> also;
  Result<Reading> (*read)(std::string_view text, std::string const& name);
  std::string (*write)(Captions const& captions);
};

constexpr std::array rows{
    Row{CaptionFormat::srt, "srt", {}, read_srt, srt_text},
    Row{CaptionFormat::vtt, "vtt", {"webvtt"}, read_vtt, vtt_text},
    Row{CaptionFormat::ass, "ass", {"ssa"}, read_ass, ass_text},
    Row{CaptionFormat::ttml, "ttml", {"dfxp", "itt", "xml"}, read_ttml, ttml_text},
};

Row const& row_of(CaptionFormat format) {
  for (auto const& row : rows)
    if (row.format == format) return row;
  return rows.front();
}

// What the bytes themselves say.
std::optional<CaptionFormat> declared(std::string_view text) {
  auto const begin = lower_case(trim(text.substr(0, 4096)));
  if (begin.starts_with("webvtt")) return CaptionFormat::vtt;
  bool const is_comment = begin.starts_with(';') && begin.find("\n[script info]") != std::string::npos;
  if (begin.starts_with("[script info]") || begin.starts_with("[v4") || begin.starts_with("[events]") || is_comment)
    return CaptionFormat::ass;
  if (begin.starts_with('<') && (begin.find("<tt") != std::string::npos || begin.find(":tt") != std::string::npos))
    return CaptionFormat::ttml;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(CaptionFormat format) { return row_of(format).name; }

std::optional<CaptionFormat> caption_format_named(std::string_view name) {
  auto const wanted = lower_case(name);
  for (auto const& row : rows) {
    if (row.name == wanted) return row.format;
    for (auto const also : row.also)
      if (!also.empty() && also == wanted) return row.format;
  }
  return std::nullopt;
}

std::optional<CaptionFormat> caption_format_of(std::string_view file_name) {
  auto const dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  return caption_format_named(file_name.substr(dot + 1));
}

Result<ReadCaptions> read_captions(std::string_view bytes, std::string const& name, std::string const& encoding) {
  auto const failure = [&](std::string_view what) {
    return Error{ErrorKind::media, fmt::format("reading {}: {}", printable(name), what)};
  };
  if (bytes.size() > static_cast<std::size_t>(largest_caption_file))
    return failure(fmt::format("it is larger than {}, which no captions are", human_bytes(largest_caption_file)));
  auto decoded = TRY(decode_text(bytes, name, encoding));
  if (trim(decoded.text).empty()) return failure("it is empty");
  auto const said = declared(decoded.text), named = caption_format_of(name);
  bool const has_times = decoded.text.find("->") != std::string::npos;
  if (!said && !named && !has_times)
    return failure("these are no captions of a kind that is known; there are srt, vtt, ass and ttml");
  ReadCaptions out;
  // What an extension promises and the bytes do not keep is SubRip more often than not.
  bool const is_kept = said || (named && (*named == CaptionFormat::srt || *named == CaptionFormat::vtt || !has_times));
  out.format = said ? *said : is_kept ? *named : CaptionFormat::srt;
  auto reading = TRY(row_of(out.format).read(decoded.text, name));
  out.captions = std::move(reading.captions);
  out.encoding = std::move(decoded.encoding);
  out.notes = std::move(decoded.notes);
  if (named && *named != out.format) out.notes.push_back(fmt::format("it is {}, whatever its name says", name_of(out.format)));
  for (auto& note : std::move(reading.notes).take()) out.notes.push_back(std::move(note));
  if (out.captions.cues.empty()) out.notes.emplace_back("there is no caption in it");
  return out;
}

Result<ReadCaptions> read_caption_file(std::filesystem::path const& file, std::string const& encoding) {
  auto const bytes = read_file(file, largest_caption_file);
  if (!bytes) return Error{bytes.error().kind == ErrorKind::lost ? ErrorKind::lost : ErrorKind::media, bytes.error().what};
  return read_captions(*bytes, file.filename().string(), encoding);
}

std::string captions_text(Captions const& captions, CaptionFormat format) { return row_of(format).write(captions); }

}  // namespace reelmill
