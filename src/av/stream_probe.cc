// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/stream_probe.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "av/access.h"
#include "av/allowed.h"
#include "av/stream_info.h"
#include "base/text.h"
#include "graph/cadence.h"

extern "C" {
#include <libavutil/dovi_meta.h>
#include <libavutil/pixdesc.h>
}

namespace reelmill::av {

namespace {

constexpr std::int64_t latest = std::int64_t{1} << 52;  // exact in a double, and far from overflow
constexpr std::size_t most_times = 16'000'000;
constexpr double shortest_gap = 0.005;  // clocks of milliseconds round

bool is_sane(std::int64_t time) { return time > -latest && time < latest; }

std::string level_of(AVCodecParameters const& p) {
  if (p.level <= 0) return {};
  switch (p.codec_id) {
    case AV_CODEC_ID_H264:
      return fmt::format("{}.{}", p.level / 10, p.level % 10);
    case AV_CODEC_ID_HEVC:
      return fmt::format("{}.{}", p.level / 30, p.level % 30 / 3);
    case AV_CODEC_ID_AV1:
      return fmt::format("{}.{}", 2 + p.level / 4, p.level % 4);
    case AV_CODEC_ID_VP9:
      return fmt::format("{}.{}", p.level / 10, p.level % 10);
    case AV_CODEC_ID_MPEG2VIDEO:
      return p.level == 10 ? "low" : p.level == 8 ? "main" : p.level == 6 ? "high-1440" : p.level == 4 ? "high" : "";
    default:
      return {};
  }
}

std::string hdr_of(AVStream const& stream) {
  std::vector<std::string> parts;
  if (stream.codecpar->color_trc == AVCOL_TRC_SMPTE2084) parts.push_back("PQ");
  if (stream.codecpar->color_trc == AVCOL_TRC_ARIB_STD_B67) parts.push_back("HLG");
  if (auto const* dovi = side_data<AVDOVIDecoderConfigurationRecord>(stream, AV_PKT_DATA_DOVI_CONF))
    parts.push_back(fmt::format("Dolby Vision profile {}", dovi->dv_profile));
  if (av_stream_get_side_data(&stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, nullptr)) parts.push_back("mastering display");
  if (av_stream_get_side_data(&stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, nullptr)) parts.push_back("content light level");
  return join(parts, ", ");
}

Rational rate_of(AVRational rate) { return rate.num > 0 && rate.den > 0 ? Rational(rate.num, rate.den) : Rational(0); }

double seconds_in(AVStream const& stream, std::int64_t time) {
  return static_cast<double>(time) * stream.time_base.num / std::max(1, stream.time_base.den);
}

void claims(AVStream const& stream, StreamTiming& timing) {
  if (stream.duration != AV_NOPTS_VALUE && stream.duration > 0 && is_sane(stream.duration))
    timing.claimed_duration = seconds_in(stream, stream.duration);
}

}  // namespace

std::string tag_of(AVDictionary const* tags, char const* name) {
  auto const* entry = av_dict_get(tags, name, nullptr, 0);
  return entry ? printable(entry->value) : std::string();
}

bool is_attached_picture(AVStream const& stream) { return (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0; }

PictureProbe picture_probe(AVStream const& stream) {
  auto const& p = *stream.codecpar;
  PictureProbe picture;
  picture.info = video_info(stream);
  picture.level = level_of(p);
  picture.language = tag_of(stream.metadata, "language");
  picture.title = tag_of(stream.metadata, "title");
  picture.timecode = tag_of(stream.metadata, "timecode");
  picture.hdr = hdr_of(stream);
  if (auto const* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(p.format))) picture.bits = format->comp[0].depth;
  picture.is_decodable = decoder_for(p.codec_id) != nullptr;
  picture.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
  claims(stream, picture.timing);
  return picture;
}

SoundProbe sound_probe(AVStream const& stream) {
  auto const& p = *stream.codecpar;
  SoundProbe sound;
  sound.info = audio_info(stream);
  if (auto const* profile = avcodec_profile_name(p.codec_id, p.profile)) sound.profile = profile;
  if (auto const* format = av_get_sample_fmt_name(static_cast<AVSampleFormat>(p.format))) sound.sample_format = format;
  sound.title = tag_of(stream.metadata, "title");
  sound.bits = p.bits_per_raw_sample > 0 ? p.bits_per_raw_sample : av_get_bits_per_sample(p.codec_id);
  sound.is_decodable = decoder_for(p.codec_id) && p.sample_rate > 0 && p.ch_layout.nb_channels > 0;
  sound.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
  claims(stream, sound.timing);
  return sound;
}

OtherStream other_stream(AVStream const& stream) {
  auto const& p = *stream.codecpar;
  OtherStream other;
  other.stream = stream.index;
  other.kind = is_attached_picture(stream)                ? "attached picture"
               : p.codec_type == AVMEDIA_TYPE_SUBTITLE    ? "subtitle"
               : p.codec_type == AVMEDIA_TYPE_ATTACHMENT  ? "attachment"
               : p.codec_tag == MKTAG('t', 'm', 'c', 'd') ? "timecode"
                                                          : "data";
  if (p.codec_id != AV_CODEC_ID_NONE) other.codec = avcodec_get_name(p.codec_id);
  other.language = tag_of(stream.metadata, "language");
  other.title = tag_of(stream.metadata, "title");
  other.width = p.width;
  other.height = p.height;
  return other;
}

double PacketWatch::seconds(std::int64_t time) const { return seconds_in(*stream_, time); }

void PacketWatch::see(AVPacket const& packet) {
  ++timing_.packets;
  timing_.bytes += packet.size;
  if (packet.flags & AV_PKT_FLAG_CORRUPT) ++timing_.damaged;
  auto const dts = packet.dts;
  if (dts != AV_NOPTS_VALUE) {
    if (last_dts_ != AV_NOPTS_VALUE && dts < last_dts_) ++timing_.backwards;
    last_dts_ = dts;
  }
  // The last pictures of a file that has decoding times only come without a time of their own.
  auto const time = packet.pts != AV_NOPTS_VALUE ? packet.pts : dts;
  if (time == AV_NOPTS_VALUE || !is_sane(time)) {
    ++timing_.untimed;
    return;
  }
  if (packet.flags & AV_PKT_FLAG_DISCARD) {
    ++timing_.hidden;
    return;
  }
  auto const duration = is_sane(packet.duration) ? std::max<std::int64_t>(0, packet.duration) : 0;
  if (first_ == AV_NOPTS_VALUE || time < first_) first_ = time;
  if (end_ == AV_NOPTS_VALUE || time + duration > end_) {
    end_ = time + duration;
    last_duration_ = duration;
  }
  if (stream_->codecpar->codec_type == AVMEDIA_TYPE_VIDEO)
    see_picture(packet);
  else
    see_sound(packet);
}

void PacketWatch::see_picture(AVPacket const& packet) {
  auto const time = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (times_.size() < most_times) times_.push_back(time);
  auto const* parser = av_stream_get_parser(stream_);
  int const width = parser ? parser->width : 0, height = parser ? parser->height : 0;
  bool const is_resized = width > 0 && width_ > 0 && (width != width_ || height != height_);
  if (is_resized || av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, nullptr)) ++changes_;
  if (width > 0) width_ = width, height_ = height;

  auto const access = access_of(packet, *stream_->codecpar);
  if (access == Access::none) {
    ++since_access_;
    return;
  }
  if (access != Access::closed) ++access_.open;
  if (access_.count++ > 0) {
    auto const length = since_access_ + 1;
    access_.shortest = access_.shortest == 0 ? length : std::min(access_.shortest, length);
    access_.longest = std::max(access_.longest, length);
    access_.longest_seconds = std::max(access_.longest_seconds, seconds(time - access_time_));
  }
  since_access_ = 0;
  access_time_ = time;
}

void PacketWatch::see_sound(AVPacket const& packet) {
  if (sound_end_ != AV_NOPTS_VALUE && packet.pts != AV_NOPTS_VALUE)
    if (double const gap = seconds(packet.pts - sound_end_); gap > shortest_gap) timing_.gaps += gap;
  if (packet.pts != AV_NOPTS_VALUE) sound_end_ = packet.pts + std::max<std::int64_t>(0, packet.duration);
  if (av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, nullptr)) ++changes_;
}

StreamTiming PacketWatch::timing() const {
  auto timing = timing_;
  if (first_ == AV_NOPTS_VALUE) return timing;
  timing.start = seconds(first_);
  timing.duration = seconds(end_ - first_);
  return timing;
}

std::vector<std::int64_t> PacketWatch::shown() const {
  if (timing_.untimed > 0) return {};
  auto times = times_;
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

void PacketWatch::tell(PictureProbe& picture) const {
  auto const claimed = picture.timing;
  picture.timing = timing();
  picture.timing.claimed_duration = claimed.claimed_duration;
  picture.timing.claimed_packets = claimed.claimed_packets;
  picture.parameter_changes = changes_;
  picture.access = access_;
  if (access_.count > 0) {  // the last one reaches to the end
    auto const length = since_access_ + 1;
    picture.access.longest = std::max(access_.longest, length);
    if (picture.access.shortest == 0) picture.access.shortest = length;
    if (end_ != AV_NOPTS_VALUE) picture.access.longest_seconds = std::max(access_.longest_seconds, seconds(end_ - access_time_));
  }
  auto times = times_;
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  std::array const claims{rate_of(stream_->avg_frame_rate), rate_of(stream_->r_frame_rate)};
  auto const base = rate_of(stream_->time_base);
  if (base.num == 0) return;
  auto const cadence = cadence_of(times, base, claims);
  picture.rate = times.size() > 1 ? cadence.rate : claims[0];
  picture.varies = cadence.varies;
  picture.shortest_frame = cadence.shortest;
  picture.longest_frame = cadence.longest;
  // Where packets do not say how long they are, the last picture lasts as long as the others.
  if (last_duration_ == 0 && times.size() > 1)
    picture.timing.duration += picture.timing.duration / static_cast<double>(times.size() - 1);
}

void PacketWatch::tell(SoundProbe& sound) const {
  auto const claimed = sound.timing;
  sound.timing = timing();
  sound.timing.claimed_duration = claimed.claimed_duration;
  sound.timing.claimed_packets = claimed.claimed_packets;
  sound.parameter_changes = changes_;
}

}  // namespace reelmill::av
