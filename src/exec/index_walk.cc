// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "av/access.h"
#include "av/demuxer.h"
#include "base/hash.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

namespace reelmill {

namespace {
Rational rational(AVRational value) { return value.den != 0 ? Rational(value.num, value.den) : Rational(0); }

std::string text(char const* name) { return name ? name : "unknown"; }

void read_rotation(AVStream const& stream, VideoStreamInfo& info) {
  auto const* matrix =
      reinterpret_cast<std::int32_t const*>(av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
  if (!matrix) return;
  info.mirrored = static_cast<std::int64_t>(matrix[0]) * matrix[4] - static_cast<std::int64_t>(matrix[1]) * matrix[3] < 0;
  double const counter_clockwise = av_display_rotation_get(matrix);
  if (std::isnan(counter_clockwise)) return;
  int const quarter_turns = static_cast<int>(std::lround(-counter_clockwise / 90.0));
  info.rotation = (quarter_turns % 4 + 4) % 4 * 90;
}

VideoStreamInfo video_info(AVStream const& stream) {
  auto const& p = *stream.codecpar;
  VideoStreamInfo info;
  info.stream = stream.index;
  info.codec = avcodec_get_name(p.codec_id);
  info.profile = text(avcodec_profile_name(p.codec_id, p.profile));
  info.pixel_format = text(av_get_pix_fmt_name(static_cast<AVPixelFormat>(p.format)));
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
  return info;
}

AudioStreamInfo audio_info(AVStream const& stream) {
  auto const& p = *stream.codecpar;
  AudioStreamInfo info;
  info.stream = stream.index;
  info.codec = avcodec_get_name(p.codec_id);
  std::array<char, 64> layout{};
  av_channel_layout_describe(&p.ch_layout, layout.data(), layout.size());
  info.layout = layout.data();
  if (auto const* entry = av_dict_get(stream.metadata, "language", nullptr, 0)) info.language = entry->value;
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

std::int64_t or_else(std::int64_t value, std::int64_t other) {
  return value != AV_NOPTS_VALUE ? value : other != AV_NOPTS_VALUE ? other : 0;
}
}  // namespace

Result<void> walk_index(IndexStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  auto demuxer = TRY(av::Demuxer::open(stage.source));
  auto& context = demuxer.context();
  int const video = demuxer.best_video(), audio = demuxer.best_audio();
  if (video < 0 && audio < 0)
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("indexing {}: it has no picture and no sound that can be decoded", demuxer.name())};

  SourceIndex index;
  index.container = context.iformat->name;
  if (context.duration != AV_NOPTS_VALUE) index.duration = Rational(context.duration, AV_TIME_BASE);
  Hasher picture, sound;
  if (video >= 0) {
    index.video.push_back(video_info(demuxer.stream(video)));
    auto const& info = index.video.front();
    add_parameters(picture, demuxer.stream(video));
    picture.add(info.rotation).add(info.mirrored ? 1 : 0);
  }
  if (audio >= 0) {
    index.audio.push_back(audio_info(demuxer.stream(audio)));
    add_parameters(sound, demuxer.stream(audio));
    for (unsigned i = 0; i < context.nb_streams; ++i)
      if (static_cast<int>(i) != audio && context.streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
        index.audio.push_back(audio_info(*context.streams[i]));
  }

  std::int64_t const bytes = avio_size(context.pb);
  auto packet = av::make_packet();
  while (TRY(demuxer.read(*packet)) == av::Pull::item) {
    bool const is_video = packet->stream_index == video;
    if (!is_video && packet->stream_index != audio) continue;
    auto const hash = av::payload_hash(*packet);
    (is_video ? picture : sound).add(packet->pts).add(packet->dts).add(packet->flags).add(static_cast<std::int64_t>(hash));
    if (!is_video) continue;
    index.packets.push_back({.pts = or_else(packet->pts, packet->dts),
                             .dts = or_else(packet->dts, packet->pts),
                             .duration = packet->duration,
                             .size = packet->size,
                             .access = av::access_of(*packet, *demuxer.stream(video).codecpar),
                             .discard = (packet->flags & AV_PKT_FLAG_DISCARD) != 0,
                             .hash = hash});
    if (bytes > 0 && packet->pos > 0) reporter.progress(static_cast<double>(packet->pos), static_cast<double>(bytes), "bytes");
  }
  if (video >= 0 && index.packets.empty())
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("indexing {}: its picture stream holds no packets; is it truncated?", demuxer.name())};
  index.identity = picture.hex();
  index.audio_identity = sound.hex();

  auto unit = TRY(UnitFolder::make(attempt, stage.key));
  TRY(unit.finish({{"index", index}}));
  reporter.unit_done(stage.key);
  return {};
}

}  // namespace reelmill
