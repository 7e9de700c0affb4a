// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/stream_info.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include "av/demuxer.h"
#include "av/packets_file.h"
#include "base/text.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/dovi_meta.h>
#include <libavutil/pixdesc.h>
}

namespace reelmill::av {

namespace {
constexpr std::size_t longest_language = 32;

Rational rational(AVRational value) { return value.den != 0 ? Rational(value.num, value.den) : Rational(0); }

std::string text(char const* name) { return name ? name : "unknown"; }

void read_rotation(AVStream const& stream, VideoStreamInfo& info) {
  auto const* const display = side_data<std::array<std::int32_t, 9>>(stream, AV_PKT_DATA_DISPLAYMATRIX);
  if (!display) return;
  auto const& matrix = *display;
  // A point (x, y) is shown at (a·x + c·y, b·x + d·y), with y downwards: (a, b) is where the picture's right-hand side points.
  double const a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
  if (a * d - b * c == 0) return;
  info.mirrored = a * d - b * c < 0;
  double const clockwise = std::atan2(b, a) * 180 / std::numbers::pi;
  int const quarter_turns = static_cast<int>(std::lround(clockwise / 90.0)) + (info.mirrored ? 2 : 0);
  info.rotation = (quarter_turns % 4 + 4) % 4 * 90;
}
}  // namespace

VideoStreamInfo video_info(AVStream const& stream) {
  auto const& p = *stream.codecpar;
  VideoStreamInfo info;
  info.stream = stream.index;
  info.codec = avcodec_get_name(p.codec_id);
  info.profile = text(avcodec_profile_name(p.codec_id, p.profile));
  info.pixel_format = text(av_get_pix_fmt_name(static_cast<AVPixelFormat>(p.format)));
  info.level = p.level;
  info.width = p.width;
  info.height = p.height;
  auto const aspect = stream.sample_aspect_ratio.num > 0 ? stream.sample_aspect_ratio : p.sample_aspect_ratio;
  info.sample_aspect = aspect.num > 0 && aspect.den > 0 ? rational(aspect) : Rational(1);
  info.time_base = rational(stream.time_base);
  info.average_rate = rational(stream.avg_frame_rate);
  info.primaries = text(av_color_primaries_name(p.color_primaries));
  info.transfer = text(av_color_transfer_name(p.color_trc));
  info.matrix = text(av_color_space_name(p.color_space));
  info.range = text(av_color_range_name(p.color_range));
  info.field_order = [&] {
    switch (p.field_order) {
      case AV_FIELD_PROGRESSIVE:
        return "progressive";
      case AV_FIELD_TT:
        return "tt";
      case AV_FIELD_BB:
        return "bb";
      case AV_FIELD_TB:
        return "tb";
      case AV_FIELD_BT:
        return "bt";
      default:
        return "unknown";
    }
  }();
  read_rotation(stream, info);
  info.header = Hasher().add(describe(stream).dump()).hex();
  return info;
}

bool needs_dolby_vision(AVStream const& stream) {
  auto const* const dolby = side_data<AVDOVIDecoderConfigurationRecord>(stream, AV_PKT_DATA_DOVI_CONF);
  return dolby && dolby->rpu_present_flag && dolby->dv_bl_signal_compatibility_id == 0;
}

AudioStreamInfo audio_info(AVStream const& stream) {
  auto const& p = *stream.codecpar;
  AudioStreamInfo info;
  info.stream = stream.index;
  info.codec = avcodec_get_name(p.codec_id);
  std::array<char, 64> layout{};
  av_channel_layout_describe(&p.ch_layout, layout.data(), layout.size());
  info.layout = layout.data();
  if (auto const* entry = av_dict_get(stream.metadata, "language", nullptr, 0))
    info.language = printable(std::string_view(entry->value).substr(0, longest_language));
  info.channels = p.ch_layout.nb_channels;
  info.sample_rate = p.sample_rate;
  info.time_base = rational(stream.time_base);
  auto const seconds = [&](std::int64_t value) {
    return value == AV_NOPTS_VALUE ? Rational(0) : Rational(value) * rational(stream.time_base);
  };
  info.start = seconds(stream.start_time);
  info.duration = seconds(stream.duration);
  return info;
}

void add_parameters(Hasher& hasher, AVStream const& stream) {
  auto const& p = *stream.codecpar;
  hasher.add(avcodec_get_name(p.codec_id))
      .add(p.format)
      .add(p.width)
      .add(p.height)
      .add(p.sample_rate)
      .add(p.ch_layout.nb_channels);
  hasher.add(static_cast<int>(p.color_primaries)).add(static_cast<int>(p.color_trc)).add(static_cast<int>(p.color_space));
  hasher.add(static_cast<int>(p.color_range)).add(stream.time_base.num).add(stream.time_base.den);
  hasher.add(stream.sample_aspect_ratio.num).add(stream.sample_aspect_ratio.den).add(static_cast<int>(p.field_order));
  hasher.add(std::string_view(reinterpret_cast<char const*>(p.extradata), static_cast<std::size_t>(p.extradata_size)));
}

void add_picture(Hasher& hasher, AVStream const& stream) {
  add_parameters(hasher, stream);
  auto const info = video_info(stream);
  hasher.add(info.rotation).add(info.mirrored ? 1 : 0);
}

std::uint64_t add_packet(Hasher& hasher, AVPacket const& packet) {
  auto const hash = payload_hash(packet);
  hasher.add(packet.pts).add(packet.dts).add(packet.flags).add(static_cast<std::int64_t>(hash));
  return hash;
}

std::int64_t dts_before(std::int64_t first, std::int64_t duration, std::size_t places) {
  return first - static_cast<std::int64_t>(places) * std::max<std::int64_t>(1, duration);
}

bool changes_header(AVPacket const& packet, AVCodecParameters const& parameters) {
  std::size_t size = 0;
  auto const* const header = av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, &size);
  return header && !std::equal(header, header + size, parameters.extradata, parameters.extradata + parameters.extradata_size);
}

}  // namespace reelmill::av
