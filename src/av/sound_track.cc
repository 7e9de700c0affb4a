// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/sound_track.h"

#include <algorithm>
#include <cmath>

#include "av/stream_info.h"

extern "C" {
#include <libavutil/intreadwrite.h>
}

namespace reelmill::av {

namespace {
constexpr std::int64_t packets_to_try = 64;
constexpr double longest_gap = 60;      // seconds; more is a broken clock, as av/audio_source has it
constexpr double latest_instant = 1e8;  // seconds

// Samples that a decoder drops of the packet's end.
std::uint32_t discarded(AVPacket const& packet) {
  std::size_t size = 0;
  auto const* data = av_packet_get_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
  return data && size >= 10 ? AV_RL32(data + 4) : 0;
}

bool is_instant(std::int64_t ticks, AVRational base) {
  return ticks != AV_NOPTS_VALUE && std::abs(static_cast<double>(ticks) * av_q2d(base)) <= latest_instant;
}
}  // namespace

SoundTrack::SoundTrack(AVStream const& stream, std::string const& name) : stream_(stream) {
  add_parameters(identity_, stream);
  if (stream.codecpar->codec_id == AV_CODEC_ID_NONE) return;
  if (auto decoder = Decoder::open(*stream.codecpar, stream.time_base, name)) decoder_ = std::move(*decoder);
}

Rational SoundTrack::seconds(std::int64_t ticks) const {
  return Rational(ticks) * Rational(stream_.time_base.num, stream_.time_base.den);
}

Result<void> SoundTrack::add(AVPacket const& packet) {
  add_packet(identity_, packet);
  ++packets_;
  if (decoder_) TRY(try_decoding(&packet));
  if (!(packet.flags & AV_PKT_FLAG_DISCARD)) follow(packet);
  return {};
}

Result<void> SoundTrack::try_decoding(AVPacket const* packet) {
  TRY(decoder_->decode(packet, [&](AVFrame const& frame) -> Result<void> {
    if (decodes_ || frame.nb_samples <= 0) return {};
    decodes_ = true;
    // What a decoder drops at the head (priming, pre-skip) is not heard, and only it knows.
    if (is_instant(frame.best_effort_timestamp, stream_.time_base)) first_ = frame.best_effort_timestamp;
    return {};
  }));
  if (decodes_ || packets_ >= packets_to_try) decoder_.reset();
  return {};
}

void SoundTrack::follow(AVPacket const& packet) {
  int const rate = stream_.codecpar->sample_rate;
  if (rate <= 0 || stream_.time_base.num <= 0) return;
  int const natural = av_get_audio_frame_duration2(stream_.codecpar, packet.size);
  auto const natural_ticks = av_rescale_q(natural, {1, rate}, stream_.time_base);
  auto const length = packet.duration > 0 ? packet.duration : natural_ticks > 0 ? natural_ticks : longest_;
  longest_ = std::max(longest_, length);
  auto at = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (!is_instant(at, stream_.time_base)) at = end_ - shift_;
  if (!has_begun_) end_ = at;
  if (!first_) first_ = at;
  has_begun_ = true;
  if (auto const jump = at + shift_ - end_; std::abs(static_cast<double>(jump)) * av_q2d(stream_.time_base) >= longest_gap)
    shift_ -= jump;
  if (at + shift_ + length < end_) return;
  end_ = at + shift_ + length;
  // Of unknown length: where the container says that the sound ends, if that is within reach.
  if (packet.duration <= 0 && stream_.start_time != AV_NOPTS_VALUE && stream_.duration != AV_NOPTS_VALUE) {
    auto const claimed = stream_.start_time + stream_.duration + shift_;
    if (claimed > at + shift_ && claimed < end_) end_ = claimed;
  }
  // Some containers shorten the last packet, others keep its length and say what to drop of it.
  discarded_ = std::abs(length - natural_ticks) <= 1 ? Rational(discarded(packet), rate) : Rational(0);
}

Result<AudioStreamInfo> SoundTrack::finish() {
  if (decoder_) TRY(try_decoding(nullptr));
  auto info = audio_info(stream_);
  info.identity = identity_.hex();
  info.decodable = decodes_ && info.sample_rate > 0 && info.channels > 0;
  info.preferred = (stream_.disposition & AV_DISPOSITION_DEFAULT) != 0;
  if (first_) {
    info.start = seconds(*first_);
    auto const end = seconds(end_) - discarded_;
    info.duration = end > info.start ? end - info.start : Rational(0);
  }
  return info;
}

}  // namespace reelmill::av
