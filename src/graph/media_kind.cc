// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/media_kind.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"
#include "base/text.h"

namespace reelmill {

namespace {

using namespace std::string_view_literals;

struct Mark {
  std::size_t at;
  std::string_view bytes;
  Recognised is;
};

constexpr auto mp4_names = "mp4 m4v m4a m4b mov qt 3gp 3g2 mj2 f4v ismv cmfv cmfa"sv;

constexpr std::array marks{
    Mark{4, "ftyp"sv, {MediaKind::media, "MP4 or QuickTime", mp4_names}},
    Mark{4, "moov"sv, {MediaKind::media, "MP4 or QuickTime", mp4_names}},
    Mark{4, "mdat"sv, {MediaKind::media, "MP4 or QuickTime", mp4_names}},
    Mark{4, "wide"sv, {MediaKind::media, "MP4 or QuickTime", mp4_names}},
    Mark{4, "styp"sv, {MediaKind::media, "MP4 or QuickTime", mp4_names}},
    Mark{0, "\x1a\x45\xdf\xa3"sv, {MediaKind::media, "Matroska or WebM", "mkv webm mka mk3d mks weba"}},
    Mark{8, "AVI "sv, {MediaKind::media, "AVI", "avi divx"}},
    Mark{8, "WAVE"sv, {MediaKind::media, "WAV", "wav rf64 bwf"}},
    Mark{8, "WEBP"sv, {MediaKind::image, "a WebP image", {}}},
    Mark{0, "\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02"sv, {MediaKind::media, "MXF", "mxf"}},
    Mark{0, "\x00\x00\x01\xba"sv, {MediaKind::media, "MPEG program stream", "mpg mpeg vob m2p ps mod"}},
    Mark{0, "OggS"sv, {MediaKind::media, "Ogg", "ogg oga ogv opus spx ogx"}},
    Mark{0, "fLaC"sv, {MediaKind::media, "FLAC", "flac"}},
    Mark{0, "ID3"sv, {MediaKind::media, "MP3", "mp3 aac mp2 flac"}},
    Mark{0, "FLV\x01"sv, {MediaKind::media, "Flash video", "flv"}},
    Mark{0, "riff\x2e\x91\xcf\x11"sv, {MediaKind::media, "Wave64", "w64"}},
    Mark{8, "AIFF"sv, {MediaKind::media, "AIFF", "aif aiff aifc"}},
    Mark{8, "AIFC"sv, {MediaKind::media, "AIFF", "aif aiff aifc"}},
    Mark{0, "DKIF"sv, {MediaKind::media, "IVF", "ivf"}},
    Mark{0, "YUV4MPEG2 "sv, {MediaKind::media, "YUV4MPEG2", "y4m"}},
    Mark{0, "nut/multimedia container"sv, {MediaKind::media, "NUT", "nut"}},
    Mark{0, "\x0b\x77"sv, {MediaKind::media, "AC-3", "ac3 eac3 ec3"}},
    Mark{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv, {MediaKind::unsupported, "Windows Media (ASF)", {}}},
    Mark{0, ".RMF"sv, {MediaKind::unsupported, "RealMedia", {}}},
    Mark{0, "MThd"sv, {MediaKind::unsupported, "MIDI", {}}},
    Mark{0, "#!AMR"sv, {MediaKind::unsupported, "AMR", {}}},
    Mark{0, "caff"sv, {MediaKind::unsupported, "Core Audio", {}}},
    Mark{0, "\x89PNG\r\n\x1a\n"sv, {MediaKind::image, "a PNG image", {}}},
    Mark{0, "\xff\xd8\xff"sv, {MediaKind::image, "a JPEG image", {}}},
    Mark{0, "GIF8"sv, {MediaKind::image, "a GIF image", {}}},
    Mark{0, "II*\0"sv, {MediaKind::image, "a TIFF image", {}}},
    Mark{0, "MM\0*"sv, {MediaKind::image, "a TIFF image", {}}},
    Mark{0, "8BPS"sv, {MediaKind::image, "a Photoshop image", {}}},
    Mark{0, "v/1\x01"sv, {MediaKind::image, "an OpenEXR image", {}}},
    Mark{0, "SDPX"sv, {MediaKind::image, "a DPX image", {}}},
    Mark{0, "PK\x03\x04"sv, {MediaKind::other, "a ZIP archive", {}}},
    Mark{0, "\x1f\x8b"sv, {MediaKind::other, "a gzip archive", {}}},
    Mark{0, "7z\xbc\xaf\x27\x1c"sv, {MediaKind::other, "a 7z archive", {}}},
    Mark{0, "%PDF"sv, {MediaKind::other, "a PDF document", {}}},
    Mark{0, "\x7f\x45LF"sv, {MediaKind::other, "a program", {}}},
    Mark{0, "Extended Module: "sv, {MediaKind::other, "a tracker module", {}}},
    Mark{0, "XBIN\x1a"sv, {MediaKind::other, "an XBIN text screen", {}}},
};

// Images that are MP4 boxes too.
constexpr std::array image_brands{"heic"sv, "heix"sv, "mif1"sv, "avif"sv, "avis"sv, "msf1"sv, "hevc"sv};

struct Opening {
  std::string_view words;
  Recognised is;
};
constexpr std::array openings{
    Opening{"#EXTM3U"sv, {MediaKind::playlist, "an HLS or M3U playlist", {}}},
    Opening{"ffconcat"sv, {MediaKind::script, "a concat script", {}}},
    Opening{"file '"sv, {MediaKind::script, "a concat script", {}}},
    Opening{"file \""sv, {MediaKind::script, "a concat script", {}}},
    Opening{"[playlist]"sv, {MediaKind::playlist, "a PLS playlist", {}}},
    Opening{"v=0"sv, {MediaKind::playlist, "a session description (SDP)", {}}},
    Opening{"{\\rtf"sv, {MediaKind::other, "a document", {}}},
};

bool is_transport_stream(std::string_view head) {
  for (std::size_t const packet : {188, 192, 204})
    for (std::size_t const first : {std::size_t{0}, packet - 188}) {
      std::size_t seen = 0;
      for (auto at = first; at < head.size() && head[at] == 0x47; at += packet) ++seen;
      if (seen >= 3 || (seen > 0 && first + seen * packet >= head.size() && head.size() >= 188)) return true;
    }
  return false;
}

// MPEG audio, whose frames begin with eleven ones; layer and rate must not be the reserved values.
bool is_audio_frame(std::string_view head) {
  if (head.size() < 4) return false;
  auto const byte = [&](std::size_t at) { return static_cast<unsigned char>(head[at]); };
  if (byte(0) != 0xff || (byte(1) & 0xe0) != 0xe0) return false;
  bool const is_adts = (byte(1) & 0xf6) == 0xf0;
  return is_adts || ((byte(1) & 0x06) != 0 && (byte(1) & 0x18) != 0x08 && (byte(2) & 0xf0) != 0xf0 && (byte(2) & 0x0c) != 0x0c);
}

bool is_text(std::string_view head) {
  // A character may be cut at the end of what is seen.
  for (int cut = 0; cut < 4 && cut < static_cast<int>(head.size()); ++cut)
    if (is_utf8(head.substr(0, head.size() - static_cast<std::size_t>(cut))))
      return std::none_of(head.begin(), head.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
      });
  return false;
}

Recognised recognise_text(std::string_view head) {
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  auto const begin = trim(head);
  for (auto const& opening : openings)
    if (begin.starts_with(opening.words)) return opening.is;
  if (begin.starts_with('<')) {
    if (begin.find("<MPD") != begin.npos) return {MediaKind::playlist, "a DASH manifest", {}};
    if (begin.find("<SmoothStreamingMedia") != begin.npos) return {MediaKind::playlist, "a streaming manifest", {}};
    if (begin.find("<CompositionPlaylist") != begin.npos) return {MediaKind::playlist, "an IMF playlist", {}};
    if (begin.find("<svg") != begin.npos) return {MediaKind::image, "an SVG image", {}};
    return {MediaKind::text, "an XML or HTML text", {}};
  }
  return {MediaKind::text, "a text", {}};
}

constexpr std::array media_extensions{
    "3g2"sv, "3gp"sv,  "aac"sv, "ac3"sv,  "aif"sv,  "aiff"sv, "asf"sv,  "avi"sv,  "divx"sv, "dv"sv,  "eac3"sv, "f4v"sv,  "flac"sv,
    "flv"sv, "ivf"sv,  "m2p"sv, "m2t"sv,  "m2ts"sv, "m2v"sv,  "m4a"sv,  "m4b"sv,  "m4v"sv,  "mj2"sv, "mka"sv,  "mkv"sv,  "mov"sv,
    "mp2"sv, "mp3"sv,  "mp4"sv, "mpeg"sv, "mpg"sv,  "mts"sv,  "mxf"sv,  "nut"sv,  "oga"sv,  "ogg"sv, "ogv"sv,  "opus"sv, "qt"sv,
    "rm"sv,  "rmvb"sv, "ts"sv,  "vob"sv,  "w64"sv,  "wav"sv,  "weba"sv, "webm"sv, "wma"sv,  "wmv"sv, "y4m"sv};

}  // namespace

Recognised recognise(std::string_view head) {
  if (head.empty()) return {MediaKind::empty, "empty", {}};
  head = head.substr(0, bytes_to_recognise);
  if (head.size() >= 12 && head.substr(4, 4) == "ftyp")
    for (auto const brand : image_brands)
      if (head.substr(8, 4) == brand) return {MediaKind::image, "a HEIF or AVIF image", {}};
  for (auto const& mark : marks)
    if (head.size() >= mark.at + mark.bytes.size() && head.substr(mark.at, mark.bytes.size()) == mark.bytes) return mark.is;
  if (is_transport_stream(head)) return {MediaKind::media, "MPEG transport stream", "ts m2ts mts m2t tsv"};
  if (is_audio_frame(head)) return {MediaKind::media, "MPEG audio", "mp3 mp2 aac m1a"};
  if (is_text(head)) return recognise_text(head);
  return {};
}

bool is_media_extension(std::string_view extension) {
  if (extension.empty() || extension.front() != '.') return false;
  auto const lower = lower_case(extension.substr(1));
  return std::find(media_extensions.begin(), media_extensions.end(), lower) != media_extensions.end();
}

}  // namespace reelmill
