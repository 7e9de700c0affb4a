// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/text_packets.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace reelmill {

namespace {
// The sample entry of 3GPP timed text (TS 26.245, 5.16): centred at the bottom, white, 18 points, one font.
constexpr unsigned char look[]{0, 0, 0, 0, 1, 0xff, 0, 0,   0,    0,    0,    0, 0, 0, 0,    0,   0,   0,   0,   0, 0, 0, 0, 1,
                               0, 18, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 18, 'f', 't', 'a', 'b', 0, 1, 0, 1, 5, 'A', 'r', 'i', 'a', 'l'};
constexpr std::size_t longest_text = 65535;  // bytes of a mov_text sample

// Its length in front; what is too long for that ends at a character.
std::string timed_text(std::string_view text) {
  auto length = std::min(text.size(), longest_text);
  while (length < text.size() && length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) --length;
  std::string out{static_cast<char>(length >> 8), static_cast<char>(length & 0xff)};
  return out.append(text.substr(0, length));
}

std::string without_markup(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}
}  // namespace

TextPackets::TextPackets(TextTrack const& track, std::string_view codec) {
  bool const fills_gaps = codec == "mov_text";
  std::int64_t end = 0;
  for (auto const& cue : track.cues) {
    auto const from = std::max(cue.from, end);
    if (cue.to <= from) continue;
    if (fills_gaps && from > end) pieces_.push_back({end, from, timed_text("")});
    pieces_.push_back({from, cue.to,
                       fills_gaps          ? timed_text(cue.text)
                       : codec == "webvtt" ? without_markup(cue.text)
                                           : cue.text});
    end = cue.to;
  }
}

Result<av::Parameters> TextPackets::parameters(std::string_view codec) {
  auto const* const descriptor = avcodec_descriptor_get_by_name(std::string(codec).c_str());
  if (descriptor == nullptr)
    return Error{.kind = ErrorKind::missing,
                 .what = fmt::format("joining the film: this build of FFmpeg does not know {}; set 'track: false'", codec)};
  av::Parameters out(av::allocated(avcodec_parameters_alloc()));
  out->codec_type = AVMEDIA_TYPE_SUBTITLE;
  out->codec_id = descriptor->id;
  if (codec != "mov_text") return out;
  out->extradata = static_cast<std::uint8_t*>(av::allocated(av_mallocz(sizeof look + AV_INPUT_BUFFER_PADDING_SIZE)));
  out->extradata_size = sizeof look;
  std::memcpy(out->extradata, look, sizeof look);
  return out;
}

bool TextPackets::read(AVPacket& packet) {
  if (next_ == pieces_.size()) return false;
  auto const& piece = pieces_[next_++];
  av_packet_unref(&packet);
  if (av_new_packet(&packet, static_cast<int>(piece.bytes.size())) < 0) throw std::bad_alloc();
  std::memcpy(packet.data, piece.bytes.data(), piece.bytes.size());
  packet.pts = packet.dts = piece.from;
  packet.duration = piece.to - piece.from;
  packet.flags |= AV_PKT_FLAG_KEY;
  return true;
}

}  // namespace reelmill
